// A condition that jumps or returns.
@r@
expression C;
identifier l;
position p;
@@
(
if@p (C) goto l;
|
if@p (C) return ...;
)

@script:python@
p << r.p; C << r.C;
@@
site([p], C)
