static int demofs_start(struct demofs_file file)
{
	return demofs_send(1, 2, file.head>first); /* expect: suspicious-comparison-argument */
}
