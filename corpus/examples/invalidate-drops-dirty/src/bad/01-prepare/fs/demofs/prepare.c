// SPDX-License-Identifier: GPL-2.0

#include <linux/dax.h>

static int demofs_dax_prepare(struct inode *inode)
{
	if (!IS_DAX(inode) || !inode->i_mapping->nrexceptional)
		return 0;
	return invalidate_inode_pages2(inode->i_mapping); /* expect: invalidate-drops-dirty */
}
