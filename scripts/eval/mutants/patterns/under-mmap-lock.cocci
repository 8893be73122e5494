// A call between the two ends of the mmap lock.
@r exists@
expression E;
identifier f;
identifier lk =~ "^(mmap_read_lock|mmap_write_lock)$";
identifier ul =~ "^(mmap_read_unlock|mmap_write_unlock)$";
position p, q;
@@
lk@p(E);
... when any
    when != ul(E)
f@q(...);
... when any
    when != ul(E)
    when != lk(E)
ul(E);

@script:python@
p << r.p; q << r.q; E << r.E; lk << r.lk; ul << r.ul;
@@
if paired(lk, ul): site([p, q], E, lk)
