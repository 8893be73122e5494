/** Days as people write them on the command line. */

import { describe, expect, it } from 'vitest';
import { parseSince, parseUntil } from '../../../bot/commands/days.ts';

describe('a day', () => {
  it.each([
    ['2024-05-03', '2024-05-03', '2024-05-04'],
    ['2024-02-28', '2024-02-28', '2024-02-29'],
    ['2023-12-31', '2023-12-31', '2024-01-01'],
    ['2024', '2024-01-01', '2025-01-01'],
  ])('%s is from %s on, and before %s', (text, since, until) => {
    expect([parseSince(text), parseUntil(text)]).toEqual([since, until]);
  });

  it.each(['2023-02-29', '2024-13-01', '2024-5-3', '24', '0000', '9999', '', 'yesterday'])(
    'is not %s',
    (text) => {
      expect(() => parseSince(text)).toThrow('a day is written as 2024-05-03, a year as 2024.');
    },
  );
});
