// A local variable's declaration.
@r@
type T;
identifier x;
expression X;
position p;
@@
(
T x@p;
|
T x@p = X;
)

@script:python@
p << r.p; x << r.x;
@@
site([p], x)
