// A call between the two ends of a spinlock.
@r exists@
expression E;
identifier f;
identifier lk =~ "^(spin_lock|spin_lock_bh|spin_lock_irq|spin_lock_irqsave|raw_spin_lock|raw_spin_lock_irq|raw_spin_lock_irqsave)$";
identifier ul =~ "^(spin_unlock|spin_unlock_bh|spin_unlock_irq|spin_unlock_irqrestore|raw_spin_unlock|raw_spin_unlock_irq|raw_spin_unlock_irqrestore)$";
position p, q;
@@
lk@p(E, ...);
... when any
    when != lk(E, ...)
    when != ul(E, ...)
f@q(...);
... when any
    when != lk(E, ...)
    when != ul(E, ...)
ul(E, ...);

@script:python@
p << r.p; q << r.q; E << r.E; lk << r.lk; ul << r.ul;
@@
if paired(lk, ul): site([p, q], E, lk)
