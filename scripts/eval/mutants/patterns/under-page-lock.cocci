// A call between the two ends of a page lock.
@r exists@
expression E;
identifier f;
identifier lk =~ "^(lock_page|folio_lock)$";
identifier get =~ "^(find_lock_page|grab_cache_page|filemap_lock_folio|filemap_grab_folio|find_or_create_page)$";
identifier ul =~ "^(unlock_page|folio_unlock)$";
position p, q;
@@
(
lk@p(E);
|
E = get@p(...);
)
... when any
    when != ul(E)
    when != true IS_ERR(E)
    when != false !IS_ERR(E)
    when != true E == NULL
f@q(...);
... when any
    when != ul(E)
    when != lk(E)
ul(E);

@script:python@
p << r.p; q << r.q; E << r.E;
@@
site([p, q], E)
