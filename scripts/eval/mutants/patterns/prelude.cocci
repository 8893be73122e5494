// In front of every pattern: what its script rules print a site with, one line of JSON each.

@initialize:python@
@@
import json

UNLOCKS = {
    'mutex_lock': 'mutex_unlock', 'mutex_lock_nested': 'mutex_unlock',
    'spin_lock_irqsave': 'spin_unlock_irqrestore', 'raw_spin_lock_irqsave': 'raw_spin_unlock_irqrestore',
    'down_read': 'up_read', 'down_write': 'up_write', 'lock_page': 'unlock_page',
}

def paired(lock, unlock):
    return UNLOCKS.get(str(lock), str(lock).replace('lock', 'unlock')) == str(unlock)

def plain(text):
    return str(text).replace(' ', '')

# Positions are lists of one; notes are metavariables.
def site(positions, *notes):
    first = positions[0][0]
    print(json.dumps({
        'file': first.file, 'function': first.current_element,
        'startLine': int(first.current_element_line), 'endLine': int(first.current_element_line_end),
        'at': [[int(one[0].line), int(one[0].column)] for one in positions],
        'notes': [plain(note) for note in notes]}))
