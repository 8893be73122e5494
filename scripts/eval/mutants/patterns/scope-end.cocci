// The end of an allocation scope that this function began.
@r exists@
expression E;
identifier begin =~ "^memalloc_(nofs|noio|noreclaim)_save$";
identifier end =~ "^memalloc_(nofs|noio|noreclaim)_restore$";
position p, q;
@@
E = begin@p(...)
... when any
end@q(E);

@script:python@
p << r.p; q << r.q; E << r.E; begin << r.begin; end << r.end;
@@
if str(begin).replace('save', 'restore') == str(end): site([p, q], E, begin)
