// A lock or an unlock of what lies in a parameter.
@r exists@
type T;
identifier fn, x, m;
identifier lk =~ "^(mutex_lock|mutex_unlock|spin_lock|spin_unlock|spin_lock_bh|spin_unlock_bh|spin_lock_irq|spin_unlock_irq|down_read|up_read|down_write|up_write)$";
position p;
@@
fn(..., T x, ...) {
... when any
lk@p(&x->m);
... when any
}

@script:python@
p << r.p; T << r.T; x << r.x; m << r.m; lk << r.lk;
@@
site([p], T.__str__().replace(' ', '\t'), x, m, lk)
