// SPDX-License-Identifier: GPL-2.0
#include <linux/fs.h>
#include <linux/mm.h>
#include "demofs.h"

int demofs_fix_size(struct inode *inode, struct mm_struct *mm, loff_t size)
{
	mmap_read_lock(mm);
	inode_lock(inode); /* fixed by 1: lock-order-inversion */
	i_size_write(inode, size);
	inode_unlock(inode);
	mmap_read_unlock(mm);
	return 0;
}

int demofs_try_fix_size(struct inode *inode, struct mm_struct *mm, loff_t size)
{
	int err = -EAGAIN;

	mmap_read_lock(mm);
	if (inode_trylock(inode)) {
		i_size_write(inode, size);
		inode_unlock(inode);
		err = 0;
	}
	mmap_read_unlock(mm);
	return err;
}
