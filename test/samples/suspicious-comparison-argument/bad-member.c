static void demofs_note(struct inode *inode)
{
	demofs_log(inode->i_sb>s_fs_info, inode->i_ino); /* expect: suspicious-comparison-argument */
}
