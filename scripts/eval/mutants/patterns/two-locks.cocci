// Two locks in a row that another function of the file takes in the same order: swapped, they are the other way round.
@initialize:python@
@@
import re
found = {}

# Members of one object, or two global locks: by what another function calls the same two.
def pair(a, b):
    first, second = [re.match(r'&(?:(\w+(?:(?:->|\.)\w+)*)->)?(\w+(?:\.\w+)*)$', plain(one)) for one in (a, b)]
    if first is None or second is None or first.group(1) != second.group(1) or first.group(2) == second.group(2):
        return None
    return (first.group(1) is None, first.group(2), second.group(2))

@r exists@
expression A, B;
identifier la =~ "^(mutex_lock|spin_lock|spin_lock_bh|spin_lock_irq|spin_lock_irqsave|down_read|down_write|write_lock)$";
identifier lb =~ "^(mutex_lock|spin_lock|spin_lock_bh|spin_lock_irq|spin_lock_irqsave|down_read|down_write|write_lock)$";
identifier ua =~ "^(mutex_unlock|spin_unlock|spin_unlock_bh|spin_unlock_irq|spin_unlock_irqrestore|up_read|up_write|write_unlock)$";
position p, q;
@@
la@p(A, ...);
... when != ua(A, ...)
lb@q(B, ...);

@script:python@
p << r.p; q << r.q; A << r.A; B << r.B; la << r.la; lb << r.lb;
@@
key = pair(A, B)
if key is not None:
    found.setdefault(p[0].file, []).append((key, p, q, str(A), str(B), str(la), str(lb)))

@finalize:python@
@@
for places in found.values():
    for key, p, q, A, B, la, lb in places:
        others = [one for one in places if one[0] == key and one[1][0].current_element != p[0].current_element]
        if others and int(q[0].line) == int(p[0].line) + 1 and not (la == 'down_read' and lb == 'down_read'):
            site([p, q], A, B, la, lb)
