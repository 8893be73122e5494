/** What the command line returns to its caller. */
export const EXIT = {
  clean: 0,
  /** Findings at or above `--fail-on`. */
  findings: 1,
  /** Bad usage, or an input that gave nothing to read or broke off. */
  unreadable: 2,
  /** A defect of the program itself. */
  internal: 3,
  /** The user ended it (Ctrl-C): 128 and the number of SIGINT, as a shell has it. */
  interrupted: 130,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];
