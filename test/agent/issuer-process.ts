// An issuer under load in a process of its own, to be killed, or to have its disk broken:
//   node issuer-process.ts <issuer folder> <passphrase> <now> <how many at once>
//
// Each line on standard output is one system call, made at once: `ready <pid>`, `begin <name>`, `issued <name> <id>`,
// `revoked <name> <id>`, `failed <name> <code>`. SIGTERM ends it after what is under way, with what it revoked anchored.

import { writeSync } from 'node:fs';
import { setTimeout as later } from 'node:timers/promises';
import { IssuerError } from '../../agent/issuer-error.ts';
import { openIssuer } from '../../agent/issuer-folder.ts';
import { sampleBundle } from './issuer-fixture.ts';

const [dir = '', passphrase = '', now = '', atOnce = ''] = process.argv.slice(2);
const bundle = sampleBundle('lab-result');
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

const issuer = await openIssuer({ dir, passphrase, clock: () => Number(now) });
const say = (line: string): number => writeSync(1, `${line}\n`);
say(`ready ${process.pid}`);

async function attempt(name: string, what: string, run: () => Promise<string>): Promise<string | undefined> {
  say(`begin ${name}`);
  try {
    const id = await run();
    say(`${what} ${name} ${id}`);
    return id;
  } catch (error) {
    say(`failed ${name} ${error instanceof IssuerError ? error.code : String(error)}`);
    await later(20);
    return undefined;
  }
}

async function work(worker: number): Promise<void> {
  for (let turn = 0; !stop.signal.aborted; turn++) {
    const name = `${worker}.${turn}`;
    const id = await attempt(`${name}.i`, 'issued', async () => {
      const card = await issuer.issuePlus(bundle, { now: Number(now) });
      return card.id;
    });
    // What failed is not tried again: nobody else may find it done.
    if (id !== undefined && turn % 2 === 0) {
      await attempt(`${name}.r`, 'revoked', async () => (await issuer.revoke(id)).id);
    }
  }
}
await Promise.all(Array.from({ length: Number(atOnce) }, async (_, worker) => work(worker)));
for (const { kid } of issuer.keys()) await issuer.anchored(kid, issuer.statusList(kid));
await issuer.close();
say('closed');
