// Builds pkcs11js, through which the issuer signs by a token (docs/decisions/0037): `npm run build:pkcs11`. No install
// builds it, since nobody without a token should need a compiler. Safe to run twice: what is built stays.
//
// node-gyp comes with npm, the headers with the pinned Node: nothing is fetched.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const require = createRequire(import.meta.url);
const say = (line) => process.stderr.write(`${line}\n`);

/** Where `node_api.h` of the Node that runs this lies; undefined lets node-gyp fetch it. */
function headers() {
  const prefix = resolve(dirname(process.execPath), '..');
  return existsSync(join(prefix, 'include/node/node_api.h')) ? prefix : undefined;
}

function isBuilt() {
  try {
    return require('pkcs11js') !== undefined;
  } catch {
    return false;
  }
}

function build() {
  const nodedir = headers();
  const words = ['rebuild', ...(nodedir === undefined ? [] : [`--nodedir=${nodedir}`])];
  const { status, error, stdout, stderr } = spawnSync('node-gyp', words, {
    cwd: dirname(require.resolve('pkcs11js/package.json')),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (error === undefined && status === 0 && isBuilt()) return true;
  const output = error === undefined ? stdout + stderr : error.message;
  for (const line of output.trimEnd().split('\n').slice(-25)) {
    say(`  node-gyp | ${line}`);
  }
  return false;
}

if (isBuilt()) say('pkcs11js is built already.');
else if (build()) say('pkcs11js is built: keys can be made on a token.');
else {
  say('pkcs11js could not be built. It needs a C++ compiler, make and Python (Debian: g++ make python3).');
  process.exitCode = 1;
}
