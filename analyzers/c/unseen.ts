/** What stands for the part of an expression that a hunk cuts off: no variable has this name. */
export const UNSEEN = '__unseen';
