/* 04-7: the pages of the source are pinned for each page that is written. */

#include <linux/pagemap.h>

static ssize_t demofs_write_pinned(struct file *file, const char __user *buf, size_t count, pgoff_t index)
{
	struct address_space *mapping = file->f_mapping;
	struct page *source;
	struct page *page;
	size_t done = 0;
	int status;

	while (done < count) {
		down_read(&current->mm->mmap_sem);
		status = get_user_pages(current, current->mm, (unsigned long)buf + done, 1, 0, 0, &source, NULL);
		up_read(&current->mm->mmap_sem);
		if (status != 1)
			break;
		page = grab_cache_page(mapping, index++);
		if (!page) {
			page_cache_release(source);
			break;
		}
		status = mapping->a_ops->prepare_write(file, page, 0, PAGE_CACHE_SIZE);
		if (!status) {
			copy_highpage(page, source);
			status = mapping->a_ops->commit_write(file, page, 0, PAGE_CACHE_SIZE);
		}
		unlock_page(page);
		page_cache_release(page);
		page_cache_release(source);
		if (status)
			break;
		done += PAGE_CACHE_SIZE;
	}
	return done;
}
