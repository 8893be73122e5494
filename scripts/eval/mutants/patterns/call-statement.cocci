// A call that is a statement.
@r@
identifier f;
position p;
@@
f@p(...);

@script:python@
p << r.p; f << r.f;
@@
site([p], f)
