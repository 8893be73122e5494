// A statement.
@r@
statement S;
position p;
@@
S@p

@script:python@
p << r.p;
@@
site([p])
