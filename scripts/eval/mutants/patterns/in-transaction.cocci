// A call between the start of a transaction and its end.
@r exists@
expression E, X;
identifier f;
identifier st =~ "^(btrfs_start_transaction|btrfs_join_transaction|btrfs_attach_transaction|ext4_journal_start|ext4_journal_start_sb|jbd2_journal_start|journal_start|ocfs2_start_trans|txBegin)$";
identifier sp =~ "^(btrfs_end_transaction|btrfs_commit_transaction|ext4_journal_stop|jbd2_journal_stop|journal_stop|ocfs2_commit_trans|txEnd)$";
position p, q;
@@
E = st@p(...)
... when any
    when != \( sp(E) \| sp(X, E) \)
    when != true IS_ERR(E)
    when != false !IS_ERR(E)
f@q(...);
... when any
    when != \( sp(E) \| sp(X, E) \)
\( sp(E) \| sp(X, E) \)

@script:python@
p << r.p; q << r.q; E << r.E; st << r.st;
@@
site([p, q], E, st)

@o exists@
expression E;
identifier f;
identifier st =~ "^(gfs2_trans_begin|nilfs_transaction_begin|journal_begin)$";
identifier sp =~ "^(gfs2_trans_end|nilfs_transaction_commit|journal_end)$";
position p, q;
@@
st@p(E, ...)
... when any
    when != sp(E, ...)
f@q(...);
... when any
    when != sp(E, ...)
sp(E, ...)

@script:python@
p << o.p; q << o.q; E << o.E; st << o.st;
@@
site([p, q], E, st)

@x exists@
expression E;
identifier f;
identifier sp =~ "^xfs_trans_(commit|cancel)$";
position p, q;
@@
xfs_trans_alloc@p(..., &E)
... when any
    when != sp(E)
f@q(...);
... when any
    when != sp(E)
sp(E)

@script:python@
p << x.p; q << x.q; E << x.E;
@@
site([p, q], E, 'xfs_trans_alloc')
