// A condition that is a call, or the opposite of one.
@r@
identifier f;
statement S;
position p;
@@
(
if@p (f(...)) S
|
if@p (!f(...)) S
)

@script:python@
p << r.p; f << r.f;
@@
site([p], f)
