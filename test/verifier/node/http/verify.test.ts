import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderQrPng } from '../../../../credential/qr.ts';
import { encodeCardUri } from '../../../../credential/shc-uri.ts';
import { encodeCardFile } from '../../../../credential/smart-health-card-file.ts';
import type { Decision } from '../../../../verifier/pipeline/decision.ts';
import { wordsOf } from '../../../../verifier/pipeline/words.ts';
import {
  anchoredTrust,
  ISSUED,
  mintCard,
  mintPass,
  newKey,
  NOW,
  trustDocument,
} from '../../../support/cards.ts';
import { key, post, served, trust, venueWith } from './venues.ts';

const card = mintCard(key);

async function codesOf(response: Response): Promise<readonly string[]> {
  assert.equal(response.status, 200);
  return ((await response.json()) as Decision).codes;
}

test('one credential gets one decision, with a reason for each code, kept by nobody', async (t) => {
  const url = await served(t);
  const response = await post(`${url}/verify`, { credential: card });
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const decision = (await response.json()) as Decision & { reasons: { code: string; text: string }[] };
  assert.equal(decision.outcome, 'accepted');
  assert.deepEqual(
    decision.reasons.map(({ code }) => code),
    ['VALID'],
  );
  assert.deepEqual(decision.subject, { name: 'Nora Nobody', birthDate: '1980-02-29' });
  assert.ok(!('source' in decision));
});

test('every text that the command line takes is decided about alike', async (t) => {
  const url = await served(t);
  for (const credential of [card, encodeCardUri(card, 'shc'), encodeCardFile([card]), ` ${card}\n`]) {
    assert.deepEqual(await codesOf(await post(`${url}/verify`, { credential })), ['VALID']);
  }
  const pass = encodeCardUri(mintPass(key), 'pratique');
  assert.deepEqual(await codesOf(await post(`${url}/verify`, { credential: pass })), ['VALID']);
});

test('several credentials get a list of decisions in their order', async (t) => {
  const url = await served(t);
  const stranger = mintCard(newKey());
  const response = await post(`${url}/verify`, { credential: `${card}\n${stranger}\nnonsense` });
  const { decisions } = (await response.json()) as { decisions: Decision[] };
  assert.deepEqual(
    decisions.map(({ codes }) => codes[0]),
    ['VALID', 'ISSUER_UNKNOWN', 'MALFORMED'],
  );
});

test('a raw body is taken as text, as a card file, and as a picture', async (t) => {
  const url = await served(t);
  for (const [type, body] of [
    ['text/plain; charset=utf-8', card],
    ['application/smart-health-card', encodeCardFile([card])],
  ] as const) {
    assert.deepEqual(await codesOf(await post(`${url}/verify`, body, { 'Content-Type': type })), ['VALID']);
  }
  const notOne = new Uint8Array([0xff, 0xd8, 0xff, 0x00]);
  assert.deepEqual(await codesOf(await post(`${url}/verify`, notOne, { 'Content-Type': 'image/jpeg' })), [
    'MALFORMED',
  ]);
});

test('the code in a picture is read, raw or as base64url', async (t) => {
  const url = await served(t);
  const picture = await renderQrPng(card, 'shc');
  assert.deepEqual(await codesOf(await post(`${url}/verify`, picture, { 'Content-Type': 'image/png' })), [
    'VALID',
  ]);
  const body = { picture: Buffer.from(picture).toString('base64url') };
  assert.deepEqual(await codesOf(await post(`${url}/verify`, body)), ['VALID']);
});

test('the moment, the event and the rules of a request reach the decision', async (t) => {
  const url = await served(t);
  const early = await post(`${url}/verify`, { credential: card, at: ISSUED - 1000 });
  assert.deepEqual(await codesOf(early), ['NOT_YET_VALID']);
  const ruled = await post(`${url}/verify`, { credential: card, rules: 'arena', event: NOW });
  assert.deepEqual(await codesOf(ruled), ['RULES_UNAVAILABLE']);
});

test('without trust data everything is undetermined, never an error', async (t) => {
  for (const [state, code] of [
    ['missing', 'TRUST_MISSING'],
    ['invalid', 'TRUST_INVALID'],
  ] as const) {
    const url = await served(t, venueWith(state));
    assert.deepEqual(await codesOf(await post(`${url}/verify`, { credential: card })), [code]);
  }
});

test('a card is decided about by the trust data that is held when it comes', async (t) => {
  let held: Parameters<typeof venueWith>[0] = 'missing';
  const url = await served(t, venueWith('missing', { trust: () => held ?? 'missing' }));
  assert.deepEqual(await codesOf(await post(`${url}/verify`, { credential: card })), ['TRUST_MISSING']);
  held = trust;
  assert.deepEqual(await codesOf(await post(`${url}/verify`, { credential: card })), ['VALID']);
});

test('two venues in one process without threads decide each by its own trust data', async (t) => {
  const none = anchoredTrust(trustDocument({ keys: [] }));
  const [ours, theirs] = [
    await served(t, venueWith(), { threads: 0 }),
    await served(t, venueWith(none), { threads: 0 }),
  ];
  const credential = `${card}\n`.repeat(40);
  for (const [url, code] of [
    [ours, 'VALID'],
    [theirs, 'ISSUER_UNKNOWN'],
    [ours, 'VALID'],
  ] as const) {
    const { decisions } = (await (await post(`${url}/verify`, { credential })).json()) as {
      decisions: Decision[];
    };
    assert.equal(decisions[0]?.codes[0], code);
  }
});

test('each decision says at which moment it judged, here, in threads, in batches and of rubbish', async (t) => {
  const at = ISSUED + 77;
  for (const threads of [0, 1]) {
    const url = await served(t, venueWith(), { threads });
    for (const [asked, judgedAt] of [
      [{}, NOW],
      [{ at }, at],
    ] as const) {
      const bodies = [card, 'x', `${card}\n${card}`, `${card}\n`.repeat(40)].map((credential) =>
        JSON.stringify({ credential, ...asked }),
      );
      const lines = bodies.join('\n');
      const alone = await Promise.all(bodies.map(async (body) => (await post(`${url}/verify`, body)).text()));
      const batch = await post(`${url}/verify/batch`, lines, { 'Content-Type': 'application/x-ndjson' });
      for (const text of [...alone, ...(await batch.text()).trimEnd().split('\n')]) {
        const answer = JSON.parse(text) as { judgedAt: number } | { decisions: { judgedAt: number }[] };
        const decisions = 'decisions' in answer ? answer.decisions : [answer];
        assert.ok(decisions.length > 0 && decisions.every((decision) => decision.judgedAt === judgedAt));
      }
    }
  }
});

test('text that may hold many cards, and a picture, are decided about by the same steps elsewhere', async (t) => {
  const url = await served(t);
  const many = Array.from({ length: 60 }, () => card);
  const response = await post(`${url}/verify`, { credential: many.join('\n') });
  const { decisions } = (await response.json()) as { decisions: Decision[] };
  assert.equal(decisions.length, many.length);
  assert.ok(decisions.every(({ outcome }) => outcome === 'accepted'));
});

test('the answer is in the language that the reader asks for', async (t) => {
  const url = await served(t);
  for (const [asked, given] of [
    ['es-MX,es;q=0.9,en;q=0.1', 'es'],
    ['zh-TW', 'zh-Hant'],
    ['zh-Hant-HK, en;q=0.5', 'zh-Hant'],
    ['fr', 'en'],
    ['*', 'en'],
    ['en;q=0, es', 'es'],
    ['\u00ff;;,q=,-', 'en'],
  ] as const) {
    const response = await post(`${url}/verify`, { credential: card }, { 'Accept-Language': asked });
    assert.equal(response.headers.get('content-language'), given);
    const { reasons } = (await response.json()) as { reasons: unknown };
    assert.deepEqual(reasons, [{ code: 'VALID', text: wordsOf(given).codes.VALID }]);
  }
});
