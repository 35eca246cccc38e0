import autocannon from 'autocannon';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openIssuer } from '../agent/issuer-folder.ts';
import { PASSPHRASE, type ServiceMessage } from './http-issue-process.ts';
import { PRODUCT, writePeople } from './issue-input.ts';
import { rounded } from './rounds.ts';

const CONNECTIONS = 16;
const WARM_UP_SECONDS = 5;
const SECONDS = 20;
const SOAK_SECONDS = 600;
/** Room for as many cards as anybody's machine issues in that time. */
const MOST_A_SECOND = 1000;
/** Nobody is given a pass more than five times a day. */
const CARDS_A_PERSON = 4;
/** Of the cards that were answered so many are looked for after the end. */
const LOOKED_FOR = 5000;

/**
 * How many cards a second an issuer's service gives out over HTTP, each signed in all forms, decided by the whole pipeline
 * and on disk before it is answered, under an Idempotency-Key of its own; service and load on the same two cores. At the
 * end the service is killed: whatever it had answered must be there.
 */
export async function benchHttpIssue({ full }: { readonly full: boolean }): Promise<object> {
  const seconds = full ? SOAK_SECONDS : SECONDS;
  const folder = await mkdtemp(join(tmpdir(), 'pratique-bench-'));
  try {
    const people = join(folder, 'people.ndjson');
    const most = (WARM_UP_SECONDS + seconds) * MOST_A_SECOND;
    await writePeople(people, 'qualifying', most / CARDS_A_PERSON);
    const lines = (await readFile(people, 'utf8')).trimEnd().split('\n');
    const bodies = [...new Map(lines.map((line) => [personOf(line), askedFor(line)])).values()];
    const program = fileURLToPath(new URL('./http-issue-process.ts', import.meta.url));
    const service = fork(program, [folder, String(most)]);
    const { url, apiKey } = await answerOf<{ url: string; apiKey: string }>(service);
    let place = 0;
    const nextBody = (): string => bodies[place++ % bodies.length] ?? '';
    await load({ url, apiKey, nextBody }, WARM_UP_SECONDS, () => undefined);
    const issued: string[] = [];
    const before = await figures(service);
    const result = await load({ url, apiKey, nextBody }, seconds, (id) => issued.push(id));
    const after = await figures(service);
    console.log(autocannon.printResult(result));
    service.kill('SIGKILL');
    await once(service, 'exit');
    return {
      perSecond: Math.round(result.requests.average),
      p50Ms: result.latency.p50,
      p99Ms: result.latency.p99,
      maxMs: result.latency.max,
      errors: result.errors + result.timeouts + result.non2xx,
      serverCpuMs: rounded((1000 * (after.cpuSeconds - before.cpuSeconds)) / result.requests.total),
      growthMiB: Math.round(after.rssMiB - before.rssMiB),
      storeBytesPerCard: Math.round((await sizeOf(join(folder, 'issuer'))) / result.requests.total),
      issued: issued.length,
      twice: issued.length - new Set(issued).size,
      lost: await lostOf(join(folder, 'issuer'), issued),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Of those who share name and birth date one is taken: together they would be one person with too many cards. */
function personOf(line: string): string {
  const { entry } = JSON.parse(line) as {
    entry: readonly [{ resource: { name: unknown; birthDate: string } }];
  };
  const { name, birthDate } = entry[0].resource;
  return JSON.stringify([name, birthDate]);
}

function askedFor(line: string): string {
  return `{"credential":{"credentialSubject":{"fhirBundle":${line}}},"options":{"product":"${PRODUCT}"}}`;
}

async function load(
  service: { readonly url: string; readonly apiKey: string; readonly nextBody: () => string },
  seconds: number,
  issued: (id: string) => void,
): Promise<autocannon.Result> {
  const { url, apiKey, nextBody } = service;
  return autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        path: '/credentials/issue',
        setupRequest: (request) => ({
          ...request,
          headers: {
            authorization: `Bearer ${apiKey}`,
            'content-type': 'application/json',
            'idempotency-key': randomUUID(),
          },
          body: nextBody(),
        }),
        onResponse: (status, body) => {
          const id = status === 201 ? /"card":\{"id":"([^"]+)"/.exec(body)?.[1] : undefined;
          if (id !== undefined) issued(id);
        },
      },
    ],
  });
}

/** Bytes of all files under a folder, answers that are kept for a day among them. */
async function sizeOf(dir: string): Promise<number> {
  const files = await readdir(dir, { recursive: true, withFileTypes: true });
  const sizes = files
    .filter((file) => file.isFile())
    .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** How many of the cards that were answered the folder does not know; of very many, of a sample. */
async function lostOf(dir: string, issued: readonly string[]): Promise<number> {
  const every = Math.ceil(issued.length / LOOKED_FOR);
  const issuer = await openIssuer({ dir, passphrase: PASSPHRASE });
  try {
    let lost = 0;
    for (const [place, id] of issued.entries()) {
      if (place % every === 0 && !(await isKnown(issuer, id))) lost++;
    }
    return lost;
  } finally {
    await issuer.close();
  }
}

async function isKnown(issuer: Awaited<ReturnType<typeof openIssuer>>, id: string): Promise<boolean> {
  return issuer.revoke(id, { reason: 'error' }).then(
    () => true,
    () => false,
  );
}

async function figures(service: ChildProcess): Promise<{ rssMiB: number; cpuSeconds: number }> {
  service.send('figures');
  return answerOf(service);
}

async function answerOf<T extends ServiceMessage>(service: ChildProcess): Promise<T> {
  const [message] = (await once(service, 'message')) as [T];
  return message;
}
