import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod/v4';
import { signBundle } from '../../../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../../../verifier/node/exporter-key.ts';
import { encodeCardFile } from '../../../../credential/smart-health-card-file.ts';
import {
  PROBLEM,
  STATE,
  TRUST_LOG,
  TRUST_REPORT,
  VENUE,
  VERIFY_ANSWER,
} from '../../../../verifier/node/http/answers.ts';
import { problemDetail } from '../../../../verifier/http/problem.ts';
import { PROBLEMS } from '../../../../verifier/node/http/problems.ts';
import type { ChainSource } from '../../../../verifier/pipeline/trust-document.ts';
import { mintCard, trustDocument } from '../../../support/cards.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { key, post, served, venueWith } from './venues.ts';

const bundle = signBundle(trustDocument(), oneTimeExporterKey());
const source = trustDocument().source as ChainSource;
const full = venueWith(undefined, {
  bundle: () => Promise.resolve(bundle),
  log: () => ({ source, logs: [{ topics: [`0x${'ab'.repeat(32)}`], data: '0x' }] }),
});

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { schema?: object }>> }>
  >;
}

/** What each address is said to give; by hand, so that a schema that says nothing is noticed. */
const SAID: Readonly<Record<string, z.ZodType | undefined>> = {
  'post /verify': VERIFY_ANSWER,
  'post /verify/batch': VERIFY_ANSWER.or(PROBLEM),
  'get /trust': TRUST_REPORT,
  'get /trust/log': TRUST_LOG,
  'get /venue': VENUE,
  'get /healthz': STATE,
  'get /readyz': STATE,
};

test('every address answers as /openapi.json says, for good and for ill', async (t) => {
  const credential = mintCard(key);
  const bodies: Readonly<Record<string, string>> = {
    'application/json': JSON.stringify({ credential }),
    'application/x-ndjson': JSON.stringify({ credential }),
    'application/ndjson': '{"credential":""}',
    'application/jsonl': '{"wrong":""}',
    'text/plain': credential,
    'application/vc+jwt': credential,
    'application/vp+jwt': 'nonsense',
    'application/smart-health-card': encodeCardFile([credential, credential]),
    'image/png': 'nonsense',
    'image/jpeg': 'nonsense',
  };
  const urls = [
    await served(t, full),
    await served(t, venueWith('missing')),
    await served(t, venueWith('invalid')),
  ];
  const document = (await (await fetch(`${urls[0]}/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<string, Record<string, Operation>>;
  };
  assert.equal(document.openapi, '3.1.0');
  let tried = 0;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { requestBody, responses }] of Object.entries(operations)) {
      const takes = Object.keys(requestBody?.content ?? { none: '' });
      for (const [url, type] of urls.flatMap((each) => takes.map((media) => [each, media] as const))) {
        const response =
          method === 'get'
            ? await fetch(url + path)
            : await post(url + path, bodies[type], { 'Content-Type': type });
        const said = responses[`${response.status}`]?.content;
        assert.ok(said !== undefined, `${method} ${path} ${type}: ${response.status}`);
        const media = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
        assert.ok(Object.hasOwn(said, media), `${method} ${path}: ${media}`);
        const text = await response.text();
        const schema = response.ok ? SAID[`${method} ${path}`] : PROBLEM;
        if (schema !== undefined) {
          const { $schema: _dialect, ...plain } = z.toJSONSchema(schema, { io: 'output', reused: 'inline' });
          assert.deepEqual(said[media]?.schema, plain);
          for (const line of text.trimEnd().split('\n')) schema.parse(JSON.parse(line));
        }
        tried += 1;
      }
    }
  }
  assert.ok(tried >= 45, `${tried}`);
});

test('ready is who has trust data to decide by; healthy is who answers', async (t) => {
  for (const [held, status, code] of [
    [undefined, 200, undefined],
    ['missing', 503, 'TRUST_MISSING'],
    ['invalid', 503, 'TRUST_INVALID'],
  ] as const) {
    const url = await served(t, venueWith(held));
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    const response = await fetch(`${url}/readyz`);
    assert.equal(response.status, status);
    if (code !== undefined) assert.deepEqual(await response.json(), problemDetail(PROBLEMS[code]));
  }
});

test('the bundle is sent once to whoever has it already, and is a problem where there is none', async (t) => {
  const url = await served(t, full);
  const first = await fetch(`${url}/trust/bundle`);
  assert.equal(await first.text(), bundle);
  const tag = first.headers.get('etag') ?? '';
  assert.match(tag, /^"[\w-]{43}"$/);
  const second = await fetch(`${url}/trust/bundle`, { headers: { 'If-None-Match': tag } });
  assert.equal(second.status, 304);
  const other = await fetch(`${url}/trust/bundle`, { headers: { 'If-None-Match': '"other"' } });
  assert.equal(await other.text(), bundle);
  const none = await served(t);
  assert.deepEqual(
    await (await fetch(`${none}/trust/bundle`)).json(),
    problemDetail(PROBLEMS.BUNDLE_MISSING),
  );
  assert.deepEqual(await (await fetch(`${none}/trust/log`)).json(), problemDetail(PROBLEMS.LOG_MISSING));
});

test('pages of a folder are served at /, and nothing beside the folder', async (t) => {
  const folder = await temporaryFolder(t);
  const pages = join(folder, 'pages');
  await mkdir(pages);
  await writeFile(join(pages, 'index.html'), '<title>The scanner</title>');
  await writeFile(join(pages, '.hidden'), 'hidden');
  await writeFile(join(folder, 'beside'), 'beside');
  const url = await served(t, venueWith(), { pages: () => Promise.resolve(pages) });
  assert.match(await (await fetch(`${url}/`)).text(), /The scanner/);
  assert.match(await (await fetch(`${url}/index.html`)).text(), /The scanner/);
  for (const path of ['/.hidden', '/%2e%2e/beside', '/..%2fbeside', '/index.html%00', '/none']) {
    const response = await fetch(url + path);
    assert.ok([400, 404].includes(response.status), `${path} ${response.status}`);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
    await response.arrayBuffer();
  }
  assert.equal(await readFile(join(folder, 'beside'), 'utf8'), 'beside');
});

test('without pages / says what this is and how fresh its knowledge', async (t) => {
  for (const [held, words] of [
    [undefined, /1 minutes old \(fresh\) and anchored/],
    ['missing', /no trust data/],
    ['invalid', /damaged/],
  ] as const) {
    const url = await served(t, venueWith(held));
    const response = await fetch(`${url}/`);
    assert.match(response.headers.get('content-type') ?? '', /^text\/html/);
    assert.match(await response.text(), words);
  }
});
