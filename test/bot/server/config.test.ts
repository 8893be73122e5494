import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../bot/server/config.ts';

const KEY = '-----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY-----';
const APP = { APP_ID: '7', PRIVATE_KEY: KEY, WEBHOOK_SECRET: 'secret' };

describe('the configuration', () => {
  it('is of github.com and a database of its own where nothing else is said', () => {
    expect(readConfig({ ...APP, HOME: '/home/somebody' })).toMatchObject({
      identity: { appId: 7, privateKey: KEY.replaceAll('\\n', '\n') },
      apiUrl: undefined,
      siteUrl: 'https://github.com',
      database: { directory: '/home/somebody/.local/share/patchwitness' },
      port: 3000,
    });
  });

  it('takes mirrors by repository', () => {
    const { mirrors, index } = readConfig({
      PATCHWITNESS_MIRROR: 'a/linux=/srv/a.git,/srv/b.git',
      PATCHWITNESS_INDEX: 'fs,mm',
    });
    expect(mirrors).toEqual([
      { of: 'a/linux', directory: '/srv/a.git' },
      { of: null, directory: '/srv/b.git' },
    ]);
    expect(index).toEqual(['fs', 'mm']);
  });

  it('without an app has none, and with half of one says what is missing', () => {
    expect(readConfig({ APP_ID: '', WEBHOOK_SECRET: 'secret' }).identity).toBeNull();
    expect(() => readConfig({ APP_ID: '7', PRIVATE_KEY: KEY })).toThrow('WEBHOOK_SECRET is missing');
    expect(() => readConfig({ APP_ID: '7', WEBHOOK_SECRET: 'secret' })).toThrow('PRIVATE_KEY');
    expect(() => readConfig({ PRIVATE_KEY: KEY })).toThrow('APP_ID is missing');
  });

  it('names a variable that is wrong and shows no secret', () => {
    expect(() => readConfig({ ...APP, PORT: 'many' })).toThrow(/^PORT: /);
    expect(() => readConfig({ ...APP, PRIVATE_KEY: 'hunter2' })).toThrow(/^PRIVATE_KEY holds no private key/);
    expect(() => readConfig({ ...APP, PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: '/nowhere/key' })).toThrow(
      /PRIVATE_KEY_PATH: \/nowhere\/key: no such file/i,
    );
  });
});
