// A pointer tested by its name.
@r@
expression *x;
identifier l;
position p;
@@
(
if@p (!x) { ... }
|
if@p (!x) goto l;
|
if@p (!x) return ...;
)

@script:python@
p << r.p; x << r.x;
@@
site([p], x)
