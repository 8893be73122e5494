/**
 * `node scripts/complete-lock.mjs`, after each `npm install`: adds to package-lock.json the binaries of other
 * platforms that the registry at hand did not offer. npm leaves them out then, and `npm ci` refuses such a
 * lock, here and on those platforms. Name and version are what the package that wants them asks for.
 */

import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'package-lock.json';
const OS_NAMES = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const CPU_NAMES = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64'];

/** What a name such as `@oxlint/binding-linux-arm-musleabihf` says of its platform; null if nothing. */
function platformOf(name) {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const os = OS_NAMES.find((word) => words.includes(word));
  const cpu = CPU_NAMES.find((word) => words.includes(word));
  if (os === undefined || cpu === undefined) return null;
  if (os !== 'linux') return { cpu: [cpu], os: [os] };
  const isMusl = words.some((word) => word.startsWith('musl'));
  const isGlibc = words.some((word) => word.startsWith('gnu'));
  if (isMusl) return { cpu: [cpu], os: [os], libc: ['musl'] };
  return isGlibc ? { cpu: [cpu], os: [os], libc: ['glibc'] } : { cpu: [cpu], os: [os] };
}

const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const added = [];
for (const wanting of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(wanting.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const platform = platformOf(name);
    // Ranges are for npm to resolve; packages of binaries ask for exact versions.
    if (lock.packages[path] !== undefined || platform === null || !/^\d/.test(version)) continue;
    lock.packages[path] = {
      version,
      ...platform,
      ...(wanting.dev === true ? { dev: true } : {}),
      optional: true,
    };
    added.push(name);
  }
}
const [root, ...rest] = Object.entries(lock.packages);
rest.sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries([root, ...rest]);
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added.length} packages of other platforms added`);
