// A call whose result is returned.
@r exists@
type T;
identifier fn, f;
position p;
@@
T fn(...) {
... when any
return@p f(...);
}

@script:python@
p << r.p; T << r.T; f << r.f;
@@
site([p], f, T.__str__().replace(' ', '\t'))
