// An atomic allocation between the two ends of a spinlock.
@r exists@
expression E;
identifier f =~ "^(kmalloc|kzalloc|kcalloc|kmalloc_array|kmalloc_node|kmemdup|kstrdup|kasprintf|kmem_cache_alloc|kmem_cache_zalloc|alloc_page|alloc_pages|__get_free_page|__get_free_pages|get_zeroed_page|mempool_alloc|alloc_skb|skb_clone|skb_copy|nlmsg_new|genlmsg_new|usb_alloc_urb|usb_submit_urb|dma_pool_alloc|dma_alloc_coherent|idr_alloc|xa_store|bio_alloc)$";
identifier lk =~ "^(spin_lock|spin_lock_bh|spin_lock_irq|spin_lock_irqsave|raw_spin_lock|raw_spin_lock_irq|raw_spin_lock_irqsave)$";
identifier ul =~ "^(spin_unlock|spin_unlock_bh|spin_unlock_irq|spin_unlock_irqrestore|raw_spin_unlock|raw_spin_unlock_irq|raw_spin_unlock_irqrestore)$";
position p, q;
@@
lk@p(E, ...);
... when != lk(E, ...)
    when != ul(E, ...)
f(..., GFP_ATOMIC@q, ...)
... when != lk(E, ...)
    when != ul(E, ...)
ul(E, ...);

@script:python@
p << r.p; q << r.q; E << r.E; lk << r.lk; ul << r.ul; f << r.f;
@@
if paired(lk, ul): site([p, q], E, lk, f)
