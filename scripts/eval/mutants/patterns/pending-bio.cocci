// A call behind a page that was put under writeback and into a bio, in front of the bio's submission.
@r exists@
expression P, B;
identifier f;
identifier wb =~ "^(set_page_writeback|folio_start_writeback)$";
identifier add =~ "^(bio_add_page|bio_add_folio|bio_add_folio_nofail|__bio_add_page)$";
identifier sub =~ "^(submit_bio|submit_bio_wait)$";
position p, q, t;
@@
wb@p(P)
... when any
    when != sub(B)
add@t(B, ...)
... when any
    when != sub(B)
f@q(...);
... when any
    when != sub(B)
sub(B);

@script:python@
p << r.p; t << r.t; q << r.q; P << r.P; B << r.B;
@@
site([p, q, t], P, B)

@a exists@
expression P, B;
identifier f;
identifier wb =~ "^(set_page_writeback|folio_start_writeback)$";
identifier add =~ "^(bio_add_page|bio_add_folio|bio_add_folio_nofail|__bio_add_page)$";
identifier sub =~ "^(submit_bio|submit_bio_wait)$";
position p, q, t;
@@
add@t(B, ...)
... when any
    when != sub(B)
wb@p(P)
... when any
    when != sub(B)
f@q(...);
... when any
    when != sub(B)
sub(B);

@script:python@
p << a.p; t << a.t; q << a.q; P << a.P; B << a.B;
@@
site([p, q, t], P, B)
