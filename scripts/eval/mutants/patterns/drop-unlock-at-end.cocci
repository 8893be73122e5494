// A lock that is given back in the function that took it, with nothing else of that lock on the way out.
@r exists@
expression E;
identifier lk =~ "^(mutex_lock|mutex_lock_nested|spin_lock|spin_lock_bh|spin_lock_irq|spin_lock_irqsave|raw_spin_lock|raw_spin_lock_irq|raw_spin_lock_irqsave|read_lock|read_lock_bh|write_lock|write_lock_bh|down_read|down_write|inode_lock|folio_lock|lock_page)$";
identifier ul =~ "^(mutex_unlock|spin_unlock|spin_unlock_bh|spin_unlock_irq|spin_unlock_irqrestore|raw_spin_unlock|raw_spin_unlock_irq|raw_spin_unlock_irqrestore|read_unlock|read_unlock_bh|write_unlock|write_unlock_bh|up_read|up_write|inode_unlock|folio_unlock|unlock_page)$";
position p, q;
@@
lk@p(E, ...);
... when != lk(E, ...)
    when != ul(E, ...)
ul@q(E, ...);
... when != lk(E, ...)
    when != ul(E, ...)
return ...;

@script:python@
p << r.p; q << r.q; E << r.E; lk << r.lk; ul << r.ul;
@@
if paired(lk, ul): site([p, q], E, lk)

@v exists@
expression E;
identifier f;
identifier lk =~ "^(mutex_lock|mutex_lock_nested|spin_lock|spin_lock_bh|spin_lock_irq|spin_lock_irqsave|raw_spin_lock|raw_spin_lock_irq|raw_spin_lock_irqsave|read_lock|read_lock_bh|write_lock|write_lock_bh|down_read|down_write|inode_lock|folio_lock|lock_page)$";
identifier ul =~ "^(mutex_unlock|spin_unlock|spin_unlock_bh|spin_unlock_irq|spin_unlock_irqrestore|raw_spin_unlock|raw_spin_unlock_irq|raw_spin_unlock_irqrestore|read_unlock|read_unlock_bh|write_unlock|write_unlock_bh|up_read|up_write|inode_unlock|folio_unlock|unlock_page)$";
position p, q;
@@
void f(...) {
... when any
lk@p(E, ...);
... when != lk(E, ...)
    when != ul(E, ...)
ul@q(E, ...);
... when != lk(E, ...)
    when != ul(E, ...)
}

@script:python@
p << v.p; q << v.q; E << v.E; lk << v.lk; ul << v.ul;
@@
if paired(lk, ul): site([p, q], E, lk)
