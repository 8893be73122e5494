// A page lock that is tried, and waited for only behind something else, on the writeback path a submission.
@r exists@
expression P;
identifier try =~ "^(trylock_page|folio_trylock)$";
identifier lk =~ "^(lock_page|folio_lock)$";
position p, q;
@@
if@p (!try(P)) {
  ...
  lk@q(P);
  ...
}

@script:python@
p << r.p; q << r.q; P << r.P; lk << r.lk;
@@
site([p, q], P, lk)
