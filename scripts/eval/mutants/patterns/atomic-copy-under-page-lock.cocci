// A copy that must not fault, between the two ends of a page lock or in a function that says it is under one.
@r exists@
expression E;
identifier f =~ "^(copy_page_from_iter_atomic|copy_folio_from_iter_atomic)$";
identifier lk =~ "^(lock_page|folio_lock)$";
identifier get =~ "^(find_lock_page|grab_cache_page.*|filemap_lock_folio|filemap_grab_folio|__filemap_get_folio|find_or_create_page)$";
identifier ul =~ "^(unlock_page|folio_unlock)$";
position p, q;
@@
(
lk@p(E);
|
E = get@p(...);
)
... when != ul(E)
f@q(...)
... when != ul(E)
ul(E);

@script:python@
p << r.p; q << r.q; E << r.E; f << r.f;
@@
site([p, q], E, f)
