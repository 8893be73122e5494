import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  apiOf,
  checkProblem,
  findPatchId,
  type PatchworkServer,
  postCheck,
} from '../../../bot/checks/patchwork.ts';
import { FakePatchwork } from '../../support/patchwork.ts';

const CHECK = { state: 'warning', context: 'patchwitness', description: 'likely: x' } as const;

let patchwork: FakePatchwork;
let server: PatchworkServer;

beforeEach(async () => {
  patchwork = new FakePatchwork();
  patchwork.patches.set(7, '1@example.org');
  const api = apiOf(await patchwork.listen());
  server = { api, token: patchwork.token, agent: 'test', delays: [1, 2], timeout: 200 };
});

afterEach(async () => {
  await patchwork.close();
});

describe('a check for Patchwork', () => {
  it('is put on the patch', async () => {
    const url = await postCheck(server, 7, { ...CHECK, target_url: 'https://ci.example.org/7' });
    expect(url).toBe(`${server.api}/patches/7/checks/1/`);
    expect(patchwork.checks).toEqual([{ ...CHECK, target_url: 'https://ci.example.org/7', patch: 7 }]);
  });

  it.each([
    [{ status: 503 } as const],
    [{ status: 502, body: '<html>' } as const],
    [{ status: 429, headers: { 'retry-after': '0' } } as const],
    ['drop' as const],
    ['hang' as const],
  ])('is put again after %j', async (trouble) => {
    patchwork.trouble.push(trouble);
    await postCheck(server, 7, CHECK);
    expect(patchwork.checks).toHaveLength(1);
    expect(patchwork.requests).toHaveLength(2);
  });

  it('is given up after the last try, with the reason', async () => {
    patchwork.trouble.push({ status: 503 }, 'drop', {
      status: 503,
      body: '{"detail":"down for maintenance"}',
    });
    await expect(postCheck(server, 7, CHECK)).rejects.toThrow('the server answers 503: down for maintenance');
    expect(patchwork.requests).toHaveLength(3);
    expect(patchwork.checks).toEqual([]);
  });

  it.each([
    ['a wrong token', { token: 'wrong' }, 7, 'does not let this token put checks there: Invalid token.'],
    ['an unknown patch', {}, 8, 'knows no such patch, or is no Patchwork: No Patch matches'],
    ['a patch of others', {}, 9, 'does not let this token put checks there: You do not have permission'],
  ])('is refused at once with %s', async (_, changes, patch, message) => {
    patchwork.patches.set(9, '9@example.org');
    patchwork.foreign.add(9);
    await expect(postCheck({ ...server, ...changes }, patch, CHECK)).rejects.toThrow(message);
    expect(patchwork.requests).toHaveLength(1);
  });

  it('names the field that the server does not take', async () => {
    await expect(postCheck(server, 7, { ...CHECK, context: 'a b' })).rejects.toThrow(
      'the server refuses the check: context: ',
    );
  });

  it('is not carried to another server', async () => {
    patchwork.trouble.push({ status: 301, headers: { location: 'https://elsewhere.example.org/' } });
    await expect(postCheck(server, 7, CHECK)).rejects.toThrow(
      'sends its visitors on to https://elsewhere.example.org/: name that address',
    );
    expect(patchwork.requests).toHaveLength(1);
  });

  it('says so when nobody listens, or somebody else does', async () => {
    patchwork.trouble.push({ status: 200, body: '<html>' });
    await expect(postCheck(server, 7, CHECK)).rejects.toThrow('the answer is none of Patchwork');
    const gone = { ...server, api: 'http://127.0.0.1:9/api/1.2', delays: [] };
    await expect(postCheck(gone, 7, CHECK)).rejects.toThrow('http://127.0.0.1:9/api/1.2 cannot be reached: ');
  });

  it('does not read an answer without end', async () => {
    patchwork.trouble.push({ status: 400, body: 'x'.repeat(4_000_000) });
    await expect(postCheck(server, 7, CHECK)).rejects.toThrow(/^the server refuses the check$/);
  });
});

describe('the patch of a mail', () => {
  it('is found by its Message-ID', async () => {
    patchwork.patches.set(8, 'a+b&c@example.org');
    expect(await findPatchId(server, 'a+b&c@example.org')).toBe(8);
  });

  it('has to be one', async () => {
    patchwork.patches.set(8, '1@example.org');
    await expect(findPatchId(server, '1@example.org')).rejects.toThrow('patches 7, 8 have this Message-ID');
    await expect(findPatchId(server, '2@example.org')).rejects.toThrow(
      'no patch has the Message-ID 2@example.org',
    );
  });
});

describe('the address of a server', () => {
  it.each([
    ['https://patchwork.example.org', 'https://patchwork.example.org/api/1.2'],
    ['https://example.org/patchwork/', 'https://example.org/patchwork/api/1.2'],
    ['https://patchwork.example.org/api/1.3/', 'https://patchwork.example.org/api/1.2'],
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000/api/1.2'],
    ['http://localhost/api', 'http://localhost/api/1.2'],
  ])('%s', (address, api) => {
    expect(apiOf(address)).toBe(api);
  });

  it.each([
    ['patchwork.example.org', 'is no address'],
    ['http://patchwork.example.org', 'the token is sent by https only'],
    ['http://127.0.0.1.example.org', 'the token is sent by https only'],
    ['ftp://127.0.0.1', 'the token is sent by https only'],
    ['https://me:secret@patchwork.example.org', 'has a password in it'],
  ])('%s is none', (address, message) => {
    expect(() => apiOf(address)).toThrow(message);
  });
});

describe('the name and the target of a check', () => {
  it.each([
    [{ context: 'patchwitness' }, null],
    [{ context: 'x', target_url: 'https://ci.example.org/1' }, null],
    [{ context: 'a b' }, 'a context has letters'],
    [{ context: '' }, 'a context has letters'],
    [{ context: 'x', target_url: 'javascript:x' }, 'the target is no address of the web'],
    [
      { context: 'x', target_url: `https://example.org/${'x'.repeat(200)}` },
      'Patchwork takes addresses of 200',
    ],
  ])('%j', (check, problem) => {
    const said = checkProblem(check);
    expect(said === null ? null : said.slice(0, problem?.length)).toBe(problem);
  });
});
