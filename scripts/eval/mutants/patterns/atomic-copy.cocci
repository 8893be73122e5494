// A copy into a page that may come short.
@r@
expression X, E;
identifier copy =~ "^copy_(page|folio)_from_iter_atomic$";
position p;
@@
X = copy@p(E, ...);

@script:python@
p << r.p; E << r.E; copy << r.copy;
@@
site([p], E, copy)
