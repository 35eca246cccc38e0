import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { deflateRawSync } from 'node:zlib';
import { encodeCardUri } from '../../../../credential/shc-uri.ts';
import { signBundle } from '../../../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../../../verifier/node/exporter-key.ts';
import { openTrustStore } from '../../../../verifier/node/trust-store.ts';
import { mintJws, mintPass, newKey, trustDocument, trustedKey } from '../../../support/cards.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openRaw, readRaw } from './raw-request.ts';
import { post } from './venues.ts';

const SCANS = 1_000;
const key = newKey();
/** A person whom nothing else in this product can be about. */
const FAMILY = 'Kanarienvogel';
const GIVEN = 'Zaphira';
const BORN = '1877-11-23';

interface Shown {
  readonly path: string;
  readonly type: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

test(`${SCANS} scans, good, bad, failing and crashing, leave nothing of a person anywhere, and ask nobody`, async (t) => {
  const folder = await temporaryFolder(t);
  const { child, url, output } = await startNode(t, folder);
  const cards = Array.from({ length: 20 }, (_, place) =>
    mintPass(key, {
      name: { family: `${FAMILY}${place}`, given: [GIVEN] },
      birthDate: BORN,
      // Every other one is refused.
      ...(place % 2 === 0 ? {} : { exp: 1_000 }),
    }),
  );
  const statuses = new Map<number, number>();
  for (let scan = 0; scan < SCANS; scan++) {
    const { path, type, body, headers } = shown(cards[scan % cards.length] ?? '', scan);
    const response = await post(url + path, body, { 'Content-Type': type, ...headers });
    await response.arrayBuffer();
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  }
  for (const status of [200, 400, 404, 405, 415, 500])
    assert.ok((statuses.get(status) ?? 0) >= 20, `${status}`);
  const cut = await openRaw(url);
  cut.end(
    `POST /verify?${FAMILY} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 9999\r\n\r\n${cards[0]}`,
  );
  await readRaw(cut, 500);
  const odd = await openRaw(url);
  odd.end(`${FAMILY} ${cards[0]}\r\n\r\n`);
  await readRaw(odd, 5000);

  child.send({ later: true });
  await once(child, 'message');
  const metrics = await (await fetch(`${url}/metrics`)).text();
  assert.match(metrics, /pratique_decisions_total\{outcome="accepted"\} [1-9]/);
  assert.match(output.stdout, /"route":"\/verify","status":200/);
  assert.match(
    output.stdout,
    /"places":\["test\/verifier\/node\/http\/silent-process\.ts|silent-process\.ts:\d+/,
  );
  assert.ok(!/SPY (?:socket|lookup|datagram)/.test(output.stderr), output.stderr);

  const exited = once(child, 'exit');
  child.send({ crash: `${FAMILY} ${BORN} ${cards[0]}` });
  assert.deepEqual(await exited, [70, null]);
  assert.match(output.stdout, /"level":60,/);

  const kept = await everythingIn(folder);
  assert.ok(kept.length > 3);
  const written = [output.stdout, output.stderr, metrics, ...kept].join('\n');
  for (const canary of canaries(cards)) assert.ok(!written.includes(canary), `It kept ${canary}.`);
});

test('the spy on outgoing sockets sees one', async (t) => {
  const { child, url, output } = await startNode(t, await temporaryFolder(t));
  child.send({ connect: Number(new URL(url).port) });
  for (let look = 0; look < 100 && !output.stderr.includes('SPY socket'); look++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.match(output.stderr, /SPY socket/);
});

/** The same card in every way that it can be shown, well and badly. */
function shown(card: string, scan: number): Shown {
  const json = 'application/json';
  const line = JSON.stringify({ credential: card });
  const curious = {
    'User-Agent': `${FAMILY}/1.0`,
    Referer: `https://venue.example/${card}`,
    'X-Forwarded-For': GIVEN,
    'Accept-Language': `${FAMILY};q=1`,
  };
  const ways: readonly Partial<Shown>[] = [
    { body: line },
    { body: line, headers: curious },
    { body: JSON.stringify({ credential: encodeCardUri(card, 'pratique') }) },
    { body: card, type: 'text/plain' },
    { body: JSON.stringify({ credential: `${card.slice(0, -6)}AAAAAA` }) },
    { body: JSON.stringify({ credential: unreadable(scan) }) },
    { body: JSON.stringify({ credential: card, rules: `throw ${FAMILY}` }) },
    { body: JSON.stringify({ credential: card, rules: FAMILY }) },
    { body: JSON.stringify({ credential: card, [FAMILY]: BORN }) },
    { body: `${line}${FAMILY}` },
    { body: JSON.stringify({ credential: `${card}\n`.repeat(60) }) },
    { body: JSON.stringify({ picture: Buffer.from(`\u0089PNG${FAMILY}`, 'latin1').toString('base64url') }) },
    { path: `/verify?name=${FAMILY}&card=${card}`, body: line },
    { path: `/${FAMILY}/${card}`, body: line },
    { path: `/trust?${FAMILY}`, body: line },
    { type: `application/${FAMILY}`, body: line },
    {
      path: '/verify/batch',
      type: 'application/x-ndjson',
      body: `${line}\n${FAMILY}\n{"${FAMILY}":"${BORN}"}\n${line}`,
    },
    {
      path: '/verify/batch',
      type: 'application/x-ndjson',
      body: `${JSON.stringify({ credential: card, rules: `throw ${FAMILY}` })}\n${line}`,
    },
  ];
  return { path: '/verify', type: json, body: '', headers: {}, ...ways[scan % ways.length] };
}

/** Signed, and its content is no card: what the pipeline throws inside is about the person. */
function unreadable(scan: number): string {
  const text = JSON.stringify({
    iss: FAMILY,
    nbf: BORN,
    vc: { type: [FAMILY], credentialSubject: GIVEN, scan },
  });
  return mintJws(key, deflateRawSync(text), { zip: 'DEF' });
}

/** Names, dates, and pieces of each card's text, as a log would cut them. */
function canaries(cards: readonly string[]): readonly string[] {
  const pieces = cards.flatMap((card) => {
    const [, payload = '', signature = ''] = card.split('.');
    return [payload.slice(0, 24), payload.slice(40, 64), signature.slice(0, 24)];
  });
  // The year alone also stands in a count of bytes, now and then.
  return [FAMILY, GIVEN, BORN, 'Kanarien', 'Zaph', '1877-', ...pieces];
}

async function startNode(
  t: TestContext,
  folder: string,
): Promise<{ child: ChildProcess; url: string; output: { stdout: string; stderr: string } }> {
  const location = join(folder, 'store');
  const store = await openTrustStore(location);
  const exporter = oneTimeExporterKey();
  const text = signBundle(trustDocument({ keys: [trustedKey(key)] }), exporter);
  await store.putBundle({ text, pinnedExporter: exporter.kid }, Date.now() / 1000);
  await store.close();
  const child = fork(fileURLToPath(new URL('./silent-process.ts', import.meta.url)), [location], {
    cwd: folder,
    env: { TMPDIR: folder, PATH: '', HOME: folder },
    execArgv: ['--import', new URL('./outgoing-spy.ts', import.meta.url).href],
    silent: true,
  });
  t.after(() => child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (part: string) => (output.stdout += part));
  child.stderr?.setEncoding('utf8').on('data', (part: string) => (output.stderr += part));
  const [url] = (await once(child, 'message', { signal: AbortSignal.timeout(20_000) })) as [string];
  return { child, url, output };
}

async function everythingIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ parentPath, name }) => name + (await readFile(join(parentPath, name), 'latin1'))),
  );
}
