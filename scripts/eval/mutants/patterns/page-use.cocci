// A page that is made dirty or marked up to date between the two ends of its lock.
@r exists@
expression E;
identifier lk =~ "^(lock_page|folio_lock)$";
identifier get =~ "^(find_lock_page|grab_cache_page|filemap_lock_folio|filemap_grab_folio|find_or_create_page)$";
identifier use =~ "^(folio_mark_dirty|set_page_dirty|folio_mark_uptodate|SetPageUptodate)$";
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
use@q(E);
... when any
    when != lk(E)
ul(E);

@script:python@
p << r.p; q << r.q; E << r.E; use << r.use; ul << r.ul;
@@
site([p, q], E, use, ul)
