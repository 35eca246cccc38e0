// An issuer's service in a process of its own, for bench/http-issue.ts.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { initIssuer } from '../agent/issuer-folder.ts';
import { createService, SERVICE_LIMITS } from '../agent/service/app.ts';
import { Clients } from '../agent/service/clients.ts';
import { DEFAULT_QUOTA, MAX_QUOTA, type Quota } from '../agent/service/quota.ts';
import { listen } from '../verifier/http/listen.ts';
import { makeReady } from './ready-issuer.ts';

/** What the process says: where it listens and by which key, then its figures whenever it is asked. */
export type ServiceMessage =
  | { readonly url: string; readonly apiKey: string }
  | { readonly rssMiB: number; readonly cpuSeconds: number };

export const PASSPHRASE = 'a passphrase of the benchmark';

/** A quota is to keep a client from doing what this benchmark does. */
const BEYOND: Quota = { ...DEFAULT_QUOTA, issue: { hour: MAX_QUOTA, day: MAX_QUOTA } };

const [folder = '', people = ''] = process.argv.slice(2);
if (process.send !== undefined) await serve();

async function serve(): Promise<void> {
  const issuer = await initIssuer({
    dir: join(folder, 'issuer'),
    passphrase: PASSPHRASE,
    iss: 'https://health.example.org/shc',
    name: 'Harbor Clinic',
  });
  await makeReady(issuer, Number(people));
  const clients = await Clients.open(issuer.service);
  const { apiKey = '' } = await clients.add(
    { name: 'Hospital', scopes: ['issue'], quota: BEYOND },
    Date.now() / 1000,
  );
  const published = join(folder, 'public');
  await mkdir(published);
  const app = createService({ issuer, clients, published });
  const { url } = await listen(app, SERVICE_LIMITS, { port: 0, host: '127.0.0.1' });
  say({ url, apiKey });

  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    say({ rssMiB: process.memoryUsage.rss() / 2 ** 20, cpuSeconds: (user + system) / 1e6 });
  });
  process.on('disconnect', () => process.exit());
}

function say(message: ServiceMessage): void {
  process.send?.(message);
}
