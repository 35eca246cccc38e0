// A bulk in a process of its own, to be killed: node bulk-process.ts <issuer folder> <input> <out> <passphrase> <now>

import { openIssuer } from '../../agent/issuer-folder.ts';

const [dir = '', input = '', out = '', passphrase = '', now = ''] = process.argv.slice(2);
const issuer = await openIssuer({ dir, passphrase, clock: () => Number(now) });
const { finished, lines } = await issuer.issueBulk({
  input,
  out,
  product: 'vaccination-pass',
  threads: 2,
  linesPerChunk: 64,
  told: () => void process.stdout.write('.'),
});
await issuer.close();
process.stdout.write(`${finished ? 'finished' : 'stopped'} ${lines}\n`);
