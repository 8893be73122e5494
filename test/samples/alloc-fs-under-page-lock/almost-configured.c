/* Code that the preprocessor chooses. */

static void demofs_config(struct page *page)
{
#ifdef CONFIG_DEMOFS_LOCK
	lock_page(page);
#endif
#ifndef CONFIG_DEMOFS_LOCK
	kfree(kmalloc(16, GFP_KERNEL));
#else
	unlock_page(page);
#endif
	kfree(kmalloc(16, GFP_KERNEL));
}

static void demofs_dead(struct page *page)
{
	lock_page(page);
#if 0
	kfree(kmalloc(16, GFP_KERNEL));
#endif
	unlock_page(page);
}

static void demofs_three_ways(struct page *page)
{
#if defined(CONFIG_DEMOFS_A)
	lock_page(page);
#elif defined(CONFIG_DEMOFS_B)
	get_page(page);
#else
	kfree(kmalloc(16, GFP_KERNEL));
#endif
#ifdef CONFIG_DEMOFS_A
	unlock_page(page);
#endif
}

static void demofs_enabled(struct page *page)
{
	if (IS_ENABLED(CONFIG_DEMOFS_LOCK))
		lock_page(page);
	if (!IS_ENABLED(CONFIG_DEMOFS_LOCK))
		kfree(kmalloc(16, GFP_KERNEL));
	else
		unlock_page(page);
}
