// A jump to the label that unlocks, from where the lock is held.
@r exists@
expression E, X;
identifier l;
identifier lk =~ "^(mutex_lock|mutex_lock_nested|spin_lock|spin_lock_bh|spin_lock_irq|spin_lock_irqsave|raw_spin_lock|raw_spin_lock_irq|raw_spin_lock_irqsave|read_lock|read_lock_bh|write_lock|write_lock_bh|down_read|down_write|inode_lock|folio_lock|lock_page)$";
identifier ul =~ "^(mutex_unlock|spin_unlock|spin_unlock_bh|spin_unlock_irq|spin_unlock_irqrestore|raw_spin_unlock|raw_spin_unlock_irq|raw_spin_unlock_irqrestore|read_unlock|read_unlock_bh|write_unlock|write_unlock_bh|up_read|up_write|inode_unlock|folio_unlock|unlock_page)$";
position p, q, t;
@@
lk@p(E, ...);
... when != lk(E, ...)
    when != ul(E, ...)
goto@q l;
... when != lk(E, ...)
ul(E, ...);
... when != lk(E, ...)
    when != ul(E, ...)
return@t X;

@script:python@
p << r.p; q << r.q; t << r.t; E << r.E; lk << r.lk; ul << r.ul; X << r.X;
@@
if paired(lk, ul): site([p, q, t], E, lk, X)
