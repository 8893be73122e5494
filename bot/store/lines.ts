/** Work of one process that waits in line: under one name one at a time, in the order in which it came. */

export class Lines {
  /** By name, the last one in line. */
  private readonly last = new Map<string, Promise<unknown>>();

  /** What `work` gives back or throws. */
  async wait<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.last.get(name) ?? Promise.resolve();
    const mine = before.then(work, work);
    const settled = mine.catch(() => undefined);
    this.last.set(name, settled);
    try {
      return await mine;
    } finally {
      if (this.last.get(name) === settled) this.last.delete(name);
    }
  }
}
