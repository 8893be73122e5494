/** A mail that could not be parsed at all, with where it stood. */
export class MailError extends Error {
  override readonly name = 'MailError';
  readonly source: string;
  readonly index: number;

  constructor(source: string, index: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`${source}: message ${index} is not a mail that can be read: ${reason}`, { cause });
    this.source = source;
    this.index = index;
  }
}
