import autocannon from 'autocannon';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { mintCards } from './cards.ts';
import { openDirectory } from './directory.ts';
import type { ServerMessage } from './http-process.ts';
import { rounded } from './rounds.ts';
import { startMs } from './serve-start.ts';

const CARDS = 400;
const CONNECTIONS = 50;
const WARM_UP_SECONDS = 5;
const SECONDS = 15;
const SOAK_SECONDS = 600;
const BATCH_LINES = 20_000;
const BATCH_ROUNDS = 8;

/**
 * How many cards a second a verifier node decides about over HTTP at 50 connections, server and load on the same two
 * cores; and how a batch that threads decide compares with the same batch at a server of one thread.
 */
export async function benchHttp({ full }: { readonly full: boolean }): Promise<object> {
  const now = Date.now() / 1000;
  const directory = openDirectory(now);
  const cards = mintCards(directory, CARDS, now);
  console.log(
    `Trust data: ${directory.source}, and one with a status list of ${directory.list.length} bits.`,
  );
  const server = fork(fileURLToPath(new URL('./http-process.ts', import.meta.url)));
  try {
    server.send(directory.document);
    const { url, singleUrl } = await answerOf<{ url: string; singleUrl: string }>(server);
    const credentials = cards.flatMap(({ jws, qr }, place) => (place % 2 === 0 ? [jws] : [qr]));
    // One in twenty is forged: its last byte was changed.
    const shown = credentials.map((text, place) => (place % 20 === 7 ? forged(text) : text));

    await load(url, shown, WARM_UP_SECONDS);
    const others = othersShare(server);
    const before = await figures(server);
    const result = await load(url, shown, full ? SOAK_SECONDS : SECONDS);
    const after = await figures(server);
    const othersCpu = rounded(await others(before.cpuSeconds));
    console.log(autocannon.printResult(result));

    const lines = Array.from({ length: BATCH_LINES }, (_, place) =>
      JSON.stringify({ credential: credentials[place % CARDS] }),
    );
    let [single, batch] = [0, 0];
    let [singleCpu, batchCpu] = [Infinity, Infinity];
    for (let round = 0; round <= BATCH_ROUNDS; round++) {
      const begun = await figures(server);
      const alone = await batchPerSecond(singleUrl, lines);
      const between = await figures(server);
      const together = await batchPerSecond(url, lines);
      const ended = await figures(server);
      console.log(`One thread ${Math.round(alone)} a second, batch ${Math.round(together)}.`);
      // The first round is for the engine to compile.
      if (round === 0) continue;
      [single, batch] = [Math.max(single, alone), Math.max(batch, together)];
      singleCpu = Math.min(singleCpu, between.cpuSeconds - begun.cpuSeconds);
      batchCpu = Math.min(batchCpu, ended.cpuSeconds - between.cpuSeconds);
    }
    return {
      startMs: await startMs(directory.document),
      perSecond: Math.round(result.requests.average),
      p99Ms: result.latency.p99,
      errors: result.errors + result.timeouts + result.non2xx,
      serverCpuMs: rounded((1000 * (after.cpuSeconds - before.cpuSeconds)) / result.requests.total),
      othersCpu,
      growthMiB: Math.round(after.rssMiB - before.rssMiB),
      batchPerSecond: Math.round(batch),
      singlePerSecond: Math.round(single),
      batchRatio: rounded(batch / single),
      // What threads cost: CPU time of the server for the same lines, whatever else the machine does.
      batchCpuRatio: rounded(batchCpu / singleCpu),
    };
  } finally {
    server.disconnect();
  }
}

async function load(url: string, shown: readonly string[], seconds: number): Promise<autocannon.Result> {
  return autocannon({
    url: `${url}/verify`,
    connections: CONNECTIONS,
    duration: seconds,
    requests: shown.map((credential) => ({
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ credential }),
    })),
  });
}

function forged(text: string): string {
  const at = text.length - 9;
  return `${text.slice(0, at)}${text.charAt(at) === '1' ? '2' : '1'}${text.slice(at + 1)}`;
}

/** By a bare socket: what the load costs is taken from the same two cores. */
async function batchPerSecond(url: string, lines: readonly string[]): Promise<number> {
  const { hostname, port } = new URL(url);
  const body = Buffer.from(`${lines.join('\n')}\n`);
  const head = `POST /verify/batch HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/x-ndjson\r\nContent-Length: ${body.length}\r\n\r\n`;
  const parts: Buffer[] = [];
  const begun = performance.now();
  await new Promise<void>((resolve, reject) => {
    const socket = connect({
      host: hostname,
      port: Number(port),
      onread: {
        buffer: Buffer.alloc(256 * 1024),
        callback(size, buffer) {
          const part = Buffer.from(buffer.subarray(0, size));
          parts.push(part);
          // The last chunk is the empty one (RFC 9112 section 7.1).
          if (part.subarray(-5).toString('latin1') === '0\r\n\r\n') socket.end();
          return true;
        },
      },
    });
    socket.on('error', reject).on('close', () => {
      resolve();
    });
    socket.write(head);
    socket.write(body);
  });
  const perSecond = (1000 * lines.length) / (performance.now() - begun);
  const accepted = Buffer.concat(parts).toString('latin1').split('"outcome":"accepted"').length - 1;
  if (accepted !== lines.length) throw new Error(`The batch accepted ${accepted} of ${lines.length} cards.`);
  return perSecond;
}

async function figures(server: ChildProcess): Promise<{ rssMiB: number; cpuSeconds: number }> {
  server.send('figures');
  return answerOf(server);
}

/** From now until it is asked: the share of the machine's cores that neither this process nor the server had. */
function othersShare(server: ChildProcess): (serverBefore: number) => Promise<number> {
  const [machine, own] = [busySeconds(), process.cpuUsage()];
  return async (serverBefore) => {
    const { cpuSeconds } = await figures(server);
    const { user, system } = process.cpuUsage(own);
    const [busy, all] = busySeconds().map((seconds, place) => seconds - (machine[place] ?? 0));
    const ours = (user + system) / 1e6 + cpuSeconds - serverBefore;
    return Math.max(0, (busy ?? 0) - ours) / (all ?? 1);
  };
}

/** Of all cores together: at work, and altogether. */
function busySeconds(): readonly number[] {
  const times = cpus().flatMap(({ times: { idle, ...work } }) => ({
    work: Object.values(work).reduce((sum, part) => sum + part, 0),
    idle,
  }));
  const work = times.reduce((sum, core) => sum + core.work, 0) / 1000;
  return [work, work + times.reduce((sum, core) => sum + core.idle, 0) / 1000];
}

async function answerOf<T extends ServerMessage>(server: ChildProcess): Promise<T> {
  const [message] = (await once(server, 'message')) as [T];
  return message;
}
