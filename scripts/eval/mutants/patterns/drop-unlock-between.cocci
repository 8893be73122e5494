// A lock given back and taken again in the same function.
@r exists@
expression E;
identifier lk =~ "^(mutex_lock|mutex_lock_nested|spin_lock|spin_lock_bh|spin_lock_irq|spin_lock_irqsave|raw_spin_lock|raw_spin_lock_irq|raw_spin_lock_irqsave|read_lock|read_lock_bh|write_lock|write_lock_bh|down_write|inode_lock|folio_lock|lock_page)$";
identifier ul =~ "^(mutex_unlock|spin_unlock|spin_unlock_bh|spin_unlock_irq|spin_unlock_irqrestore|raw_spin_unlock|raw_spin_unlock_irq|raw_spin_unlock_irqrestore|read_unlock|read_unlock_bh|write_unlock|write_unlock_bh|up_read|up_write|inode_unlock|folio_unlock|unlock_page)$";
position p, q, t;
@@
lk@p(E, ...);
... when != lk(E, ...)
    when != ul(E, ...)
ul@q(E, ...);
... when != lk(E, ...)
    when != ul(E, ...)
lk@t(E, ...);

@script:python@
p << r.p; q << r.q; t << r.t; E << r.E; lk << r.lk; ul << r.ul;
@@
if paired(lk, ul) and not str(lk).startswith('read_') and int(p[0].line) < int(q[0].line) < int(t[0].line):
    site([p, q, t], E, lk)
