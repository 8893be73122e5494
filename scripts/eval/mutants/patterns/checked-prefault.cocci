// A prefault whose result is looked at, in a loop.
@r@
identifier fault =~ "^(fault_in_iov_iter_readable|fault_in_readable|iov_iter_fault_in_readable|fault_in_pages_readable)$";
statement S;
position p, q;
@@
if@p (<+... fault@q(...) ...+>) S

@script:python@
p << r.p; q << r.q; fault << r.fault;
@@
site([p, q], fault)
