/* Of many ways to one label only some have given the lock back; what is only said to the log takes nothing. */

static int demofs_set_range(struct demofs_node *node, struct demofs_range *range)
{
	int ret = -EAGAIN;

	spin_lock(&node->n_lock);
	if (range->r_start < node->n_start)
		goto abort;
	if (list_empty(&node->n_ranges)) {
		ret = -EINVAL;
		goto rejected;
	}
	list_add(&range->r_link, &node->n_ranges);
	spin_unlock(&node->n_lock);
	return 0;

rejected:
	_debug("refused %d", ret);
	spin_unlock(&node->n_lock);
	goto abort;

abort:
	_debug("abort");
	spin_unlock(&node->n_lock); /* expect: double-lock (second time) */
	return ret;
}

static int demofs_fill(struct address_space *mapping, struct file *file, struct demofs_req *req)
{
	struct page *page;
	int ret;

again:
	page = find_lock_page(mapping, req->index);
	if (!page)
		return -ENOMEM;
	if (!PageUptodate(page)) {
		ret = -EIO;
		goto out;
	}
	ret = mapping->a_ops->prepare_write(file, page, req->from, req->to);
	if (ret) {
		if (ret != AOP_TRUNCATED_PAGE)
			unlock_page(page);
		page_cache_release(page);
		if (ret == AOP_TRUNCATED_PAGE)
			goto again;
		goto out;
	}
	ret = req->to - req->from;
out:
	page_cache_release(page);
	unlock_page(page); /* expect: double-lock (second time) */
	return ret;
}
