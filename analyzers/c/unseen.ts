/** What stands for the part of an expression that a hunk cuts off: no variable has this name. */
export const UNSEEN = '__unseen';

/** Begins the names that stand for a test of which a hunk shows only what it guards, or nothing but the end of that. */
export const UNSEEN_CONDITION = `${UNSEEN}_condition`;
