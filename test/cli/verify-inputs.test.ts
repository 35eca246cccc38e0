import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { encodeDeepLink } from '../../credential/deep-link.ts';
import { didJwkFromKey } from '../../credential/did-jwk.ts';
import { encodeCardUri } from '../../credential/shc-uri.ts';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import { healthCard, mintCard, newKey, pass, trustDocument, trustedKey } from '../support/cards.ts';
import { run, verifyJson } from '../support/cli.ts';
import { legacyVpPayload, mintToken, mintVc, vpPayload } from '../support/presentations.ts';

const key = newKey();
const holder = newKey();
const exporter = oneTimeExporterKey();
const card = mintCard(key);
const now = Math.floor(Date.now() / 1000);
const base = 'https://wallet.example/SMARTHealthCard/';
let folder: string;
let trusted: readonly string[];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-inputs-'));
  const document = trustDocument({ keys: [trustedKey(key)], takenAt: now });
  await writeFile(join(folder, 'trust'), signBundle(document, exporter));
  trusted = ['--trust', join(folder, 'trust'), '--exporter', exporter.kid];
});
after(() => rm(folder, { recursive: true }));

async function decided(...inputs: string[]): Promise<readonly (readonly [string, string])[]> {
  const { decisions } = await verifyJson([...trusted, ...inputs]);
  return decisions.map(({ source, codes }) => [source, codes.join()]);
}

test('a deep link is one decision per card, as an argument, as a line and from standard input', async () => {
  const link = encodeDeepLink([card, 'a.b.c', card], base);
  const expected = (source: string) => [
    [source, 'VALID'],
    [source, 'MALFORMED'],
    [source, 'VALID'],
  ];
  const lines = join(folder, 'lines');
  await writeFile(lines, `${card}\n${link}\r\n${encodeCardUri(card, 'shc')}\n`);
  assert.deepEqual(await decided(link, lines), [
    ...expected('argument 1'),
    [lines, 'VALID'],
    ...expected(lines),
    [lines, 'VALID'],
  ]);
  const { decisions } = await verifyJson([...trusted, '-'], { stdin: link });
  assert.deepEqual(
    decisions.map(({ codes }) => codes.join()),
    ['VALID', 'MALFORMED', 'VALID'],
  );
});

test('an address that links to no card is unreadable, and is not a file', async () => {
  assert.deepEqual(await decided(base, 'http://wallet.example/#{}', `${base}#%7B%7D`), [
    ['argument 1', 'UNSUPPORTED_FORMAT'],
    ['argument 2', 'UNSUPPORTED_FORMAT'],
    ['argument 3', 'MALFORMED'],
  ]);
});

test('a link never comes back in the answer', async () => {
  const { stdout } = await run('pratique', ['verify', '--json', ...trusted, encodeDeepLink([card], base)]);
  assert.ok(!stdout.includes('eyJ') && !stdout.includes('wallet.example'));
});

test('a presentation is one decision per credential in it, each HOLDER_NOT_PROVEN, exit 1', async () => {
  const bound = mintVc(key, pass({ holder: didJwkFromKey(holder), exp: now + 60, nbf: now - 60 }));
  const plus = mintVc(key, healthCard({ nbf: now - 60 }));
  const token = mintToken(holder, vpPayload(holder, [bound, plus], { iat: now }));
  const legacy = mintToken(holder, legacyVpPayload(holder, [plus], { iat: now }), { typ: 'JWT' });
  const path = join(folder, 'presentation.jwt');
  await writeFile(path, `${legacy}\n`);
  const { status, decisions } = await verifyJson([...trusted, token, path]);
  assert.equal(status, 1);
  assert.deepEqual(
    decisions.map(({ source, outcome, codes }) => [source, outcome, codes.at(-1)]),
    [
      ['argument 1', 'rejected', 'HOLDER_NOT_PROVEN'],
      ['argument 1', 'rejected', 'HOLDER_NOT_PROVEN'],
      [path, 'rejected', 'HOLDER_NOT_PROVEN'],
    ],
  );
  const { stdout } = await run('pratique', ['verify', ...trusted, token]);
  assert.ok(stdout.includes('HOLDER_NOT_PROVEN') && stdout.includes('Nora Nobody'));
});

test('--help names every kind of input', async () => {
  const { stdout } = await run('pratique', ['verify', '--help']);
  const words = stdout.replaceAll(/\s+/g, ' ');
  for (const kind of [
    'shc:/',
    'pratique:/',
    '.smart-health-card',
    'deep link',
    'presentation',
    'QR picture',
  ]) {
    assert.ok(words.includes(kind), kind);
  }
});
