/** Answers of git that cannot change, asked once: what commits with given names hold, and what lies between them. */

const all: Map<string, unknown>[] = [];

/** The same function, with what it answered kept by its arguments, of which the first is the repository. */
export function remembered<Result>(
  ask: (directory: string, ...names: string[]) => Promise<Result>,
): (directory: string, ...names: string[]) => Promise<Result> {
  const known = new Map<string, Promise<Result>>();
  all.push(known);
  return (directory, ...names) => {
    const key = [directory, ...names].join('\0');
    const answer = known.get(key) ?? ask(directory, ...names);
    known.set(key, answer);
    return answer;
  };
}

/** Forgets the repositories below a directory. */
export function forget(directory: string): void {
  for (const known of all) for (const key of known.keys()) if (key.startsWith(directory)) known.delete(key);
}
