/* 16-4: faults are locked out for as long as the write runs. */

#include <linux/dax.h>

static ssize_t demofs_dax_write_alone(struct kiocb *iocb, struct iov_iter *from, struct inode *inode)
{
	ssize_t written;

	inode_lock(inode);
	down_write(&DEMOFS_I(inode)->i_mmap_sem);
	written = dax_iomap_rw(iocb, from, &demofs_iomap_ops);
	up_write(&DEMOFS_I(inode)->i_mmap_sem);
	inode_unlock(inode);
	return written;
}
