// A mask that keeps out of the filesystem, between the start of a transaction and its end.
@r exists@
expression E, X;
identifier f;
identifier st =~ "^(btrfs_start_transaction|btrfs_join_transaction|btrfs_attach_transaction|txBegin)$";
identifier sp =~ "^(btrfs_end_transaction|btrfs_commit_transaction|ext4_journal_stop|jbd2_journal_stop|journal_stop|ocfs2_commit_trans|txEnd)$";
position p, q;
@@
E = st@p(...)
... when != \( sp(E) \| sp(X, E) \)
    when != true IS_ERR(E)
    when != false !IS_ERR(E)
f(..., GFP_NOFS@q, ...)
... when != \( sp(E) \| sp(X, E) \)
\( sp(E) \| sp(X, E) \)

@script:python@
p << r.p; q << r.q; E << r.E; st << r.st; f << r.f;
@@
site([p, q], E, st, f)

@o exists@
expression E;
identifier f;
identifier st =~ "^(gfs2_trans_begin|nilfs_transaction_begin|journal_begin)$";
identifier sp =~ "^(gfs2_trans_end|nilfs_transaction_commit|journal_end)$";
position p, q;
@@
st@p(E, ...)
... when != sp(E, ...)
f(..., GFP_NOFS@q, ...)
... when != sp(E, ...)
sp(E, ...)

@script:python@
p << o.p; q << o.q; E << o.E; st << o.st; f << o.f;
@@
site([p, q], E, st, f)
