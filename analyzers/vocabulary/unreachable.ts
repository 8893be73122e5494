/** The end of an exhaustive switch, for readers and linters that do not follow types. */
export function unreachable(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
