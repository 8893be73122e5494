/**
 * The Date header, read by RFC 5322 and the older forms still found in archives. `Date.parse` is no help here:
 * it takes nearly anything for a date and fills gaps with the machine's own time zone. What cannot be read is
 * null, never the current time.
 */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;

/** Zone names of RFC 5322 section 4.3 in hours; any other name means UTC, as that section says. */
const ZONES: ReadonlyMap<string, number> = new Map([
  ['edt', -4],
  ['est', -5],
  ['cdt', -5],
  ['cst', -6],
  ['mdt', -6],
  ['mst', -7],
  ['pdt', -7],
  ['pst', -8],
]);

/** [weekday,] day month year hour:minute[:second] [zone]; anchored, every part of bounded length. */
const RFC5322 =
  /^(?:[a-z]{3,9},? {0,4})?(\d{1,2}) {1,4}([a-z]{3})[a-z]{0,6} {1,4}(\d{2,4}) {1,4}(\d{1,2}):(\d\d)(?::(\d\d))?(?: {1,4}([+-]\d{4}|[a-z]{1,5}))?(?![\w:])/;
/** The C library's asctime: Tue Oct 16 18:03:22 2007 [zone]. */
const ASCTIME =
  /^[a-z]{3} {1,4}([a-z]{3}) {1,4}(\d{1,2}) {1,4}(\d{1,2}):(\d\d):(\d\d)(?: {1,4}([+-]\d{4}|[a-z]{1,5}))? {1,4}(\d{4})(?![\w:])/;

/** ISO 8601 in UTC with seconds, or null. */
export function parseMailDate(header: string): string | null {
  const text = header
    .trim()
    .replace(/[\t ]+/g, ' ')
    .toLowerCase();
  const rfc = RFC5322.exec(text);
  if (rfc !== null) {
    const [, day, month, year, hour, minute, second, zone] = rfc;
    return assemble({ day, month, year, hour, minute, second, zone });
  }
  const asctime = ASCTIME.exec(text);
  if (asctime === null) return null;
  const [, month, day, hour, minute, second, zone, year] = asctime;
  return assemble({ day, month, year, hour, minute, second, zone });
}

type Field = string | undefined;

interface Fields {
  readonly day: Field;
  readonly month: Field;
  readonly year: Field;
  readonly hour: Field;
  readonly minute: Field;
  readonly second: Field;
  readonly zone: Field;
}

function assemble(fields: Fields): string | null {
  const month = MONTHS.findIndex((name) => name === fields.month);
  const [day, hour, minute] = [Number(fields.day), Number(fields.hour), Number(fields.minute)];
  // A leap second has no place in ISO time; it is read as the second in front of it.
  const second = Math.min(Number(fields.second ?? '0'), 59);
  if (month < 0 || day < 1 || hour > 23 || minute > 59 || Number(fields.second ?? '0') > 60) return null;
  const year = fullYear(fields.year ?? '');
  const offset = zoneMinutes(fields.zone ?? 'utc');
  if (offset === null) return null;
  const local = new Date(Date.UTC(year, month, day, hour, minute, second));
  if (local.getUTCDate() !== day) return null;
  return `${new Date(local.getTime() - offset * 60_000).toISOString().slice(0, 19)}Z`;
}

/** Two- and three-digit years as RFC 5322 section 4.3 reads them. */
function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return digits.length === 3 ? 1900 + year : year;
}

function zoneMinutes(zone: string): number | null {
  const sign = zone.charAt(0);
  if (sign !== '+' && sign !== '-') return (ZONES.get(zone) ?? 0) * 60;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3, 5))];
  if (minutes > 59 || hours > 15) return null;
  return (hours * 60 + minutes) * (sign === '-' ? -1 : 1);
}
