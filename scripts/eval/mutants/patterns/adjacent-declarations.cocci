// Two declarations without values, one behind the other.
@r@
type T, U;
identifier x, y;
position p, q;
@@
T x@p;
U y@q;

@script:python@
p << r.p; q << r.q; x << r.x; y << r.y;
@@
site([p, q], x, y)
