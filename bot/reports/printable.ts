/** Text from mail and patches, made safe for a terminal: an escape sequence in a subject must not run. */

/** Replaces control characters, C1 and bidirectional overrides included, by `?`. */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?');
}
