import { describe, expect, it } from 'vitest';
import { makeLog } from '../../../bot/server/log.ts';

function logged(write: (log: ReturnType<typeof makeLog>) => void, secrets: readonly string[] = []): string {
  const lines: string[] = [];
  write(makeLog('trace', secrets, (line) => void lines.push(line)));
  return lines.join('');
}

describe('the log', () => {
  it('tells an error by its words, not by what hangs on it', () => {
    const inner = Object.assign(new Error('inner words'), { response: { data: 'the answer' } });
    const error = Object.assign(new AggregateError([inner], 'outer words'), {
      event: { payload: 'a payload' },
      status: 400,
    });
    const text = logged((log) => log.error(error));
    expect(text).toContain('inner words');
    expect(text).toContain('"status":400');
    expect(text).not.toContain('a payload');
    expect(text).not.toContain('the answer');
  });

  it('takes secrets and tokens out, whoever writes them', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----';
    const text = logged(
      (log) => {
        log.info({ key }, 'a line with hunter2hunter2');
        log.child({ name: 'child' }).warn(`token ghs_${'a'.repeat(36)} and github_pat_${'b'.repeat(40)}`);
      },
      ['hunter2hunter2', key],
    );
    expect(text).not.toContain('hunter2hunter2');
    expect(text).not.toContain('MIIEvQ');
    expect(text).not.toContain('aaaa');
    expect(text).not.toContain('bbbb');
  });

  it('says nothing of payloads and requests', () => {
    const text = logged((log) =>
      log.debug({ payload: { a: 'b1' }, request: { c: 'd1' }, event: { name: 'push', payload: 'e1' } }, 'x'),
    );
    for (const word of ['b1', 'd1', 'e1']) expect(text).not.toContain(word);
  });
});
