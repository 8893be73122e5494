// An allocation whose failure is returned at once.
@r exists@
expression X;
identifier f =~ "^(kmalloc|kzalloc|kcalloc|kmalloc_array|kmemdup|kvmalloc|kvzalloc|kvcalloc|kmem_cache_alloc|kmem_cache_zalloc|alloc_page|__get_free_page)$";
position p, q, t;
@@
X = f@p(...);
if@q ( \( !X \| X == NULL \) )
  return@t ...;

@script:python@
p << r.p; q << r.q; t << r.t; X << r.X; f << r.f;
@@
site([p, q, t], X, f)
