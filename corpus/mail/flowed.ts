/**
 * Undoes space-stuffing. A mail program that sends `format=flowed` puts a space in front of each line that
 * begins with a space (RFC 3676, section 4.4), which turns every context line of a patch into one with two; some
 * programs declare the format and stuff nothing. Stuffed text has no line that begins with a single space, apart
 * from stuffed ` >` and ` From `: that tells the two apart.
 */
export function undoSpaceStuffing(text: string): string {
  const stuffed = /^ {2}/m.test(text) && !/^ (?:[^ >F\n]|F(?!rom ))/m.test(text);
  return stuffed ? text.replace(/^ /gm, '') : text;
}
