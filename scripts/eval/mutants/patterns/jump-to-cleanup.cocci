// A jump to a label.
@r@
identifier l;
position p;
@@
goto@p l;

@script:python@
p << r.p; l << r.l;
@@
site([p], l)
