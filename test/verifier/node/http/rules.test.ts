import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { signBundle } from '../../../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../../../verifier/node/exporter-key.ts';
import { openVenue } from '../../../../verifier/node/live-trust.ts';
import type { VenueOptions } from '../../../../verifier/node/live-trust.ts';
import type { Decision } from '../../../../verifier/pipeline/decision.ts';
import { DEFAULT_POLICY } from '../../../../verifier/pipeline/venue-policy.ts';
import { DAY, JURISDICTION, mintCard, NOW, trustDocument, trustedKey } from '../../../support/cards.ts';
import { doses, negativePcr, publishedAs, shippedText } from '../../../support/published-rules.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { key, post, served } from './venues.ts';

type Answer = Decision & { readonly reasons: readonly { readonly code: string; readonly text: string }[] };

const dateOf = (daysAgo: number): string => new Date((NOW - daysAgo * DAY) * 1000).toISOString().slice(0, 10);
const vaccinated = mintCard(key, doses(dateOf(130), dateOf(100)));
const once = mintCard(key, doses(dateOf(100)));
/** A negative PCR test of a day ago. */
const tested = mintCard(key, negativePcr(NOW - DAY));

/** A node of its own whose trust data comes from a chain on which New York published its rules. */
async function node(t: TestContext, options: Partial<VenueOptions> = {}): Promise<string> {
  const texts = ['ENTRY', 'EVENT-72H', 'COVID-19'].map((id) => shippedText(`US-NY/${id}`));
  const document = trustDocument({
    jurisdictions: [JURISDICTION, { ...JURISDICTION, code: 'US-NY' }],
    keys: [trustedKey(key)],
    rules: texts.map((text) => publishedAs(text)),
    // They come with the program.
    ruleFiles: [],
  });
  const [bundle, exporter] = [join(await temporaryFolder(t), 'bundle'), oneTimeExporterKey()];
  await writeFile(bundle, signBundle(document, exporter));
  const venue = await openVenue({
    source: { bundle, exporter: exporter.kid },
    policy: DEFAULT_POLICY,
    allowUnanchored: false,
    clock: () => NOW,
    ...options,
  });
  t.after(() => venue.stop());
  return served(t, venue);
}

async function verify(url: string, body: object, language = 'en'): Promise<Answer> {
  const response = await post(`${url}/verify`, body, { 'Accept-Language': language });
  assert.equal(response.status, 200);
  return (await response.json()) as Answer;
}

describe('a card is held against the rules that a request names', () => {
  test('and meets them, by their short name or their full one', async (t) => {
    const url = await node(t);
    for (const rules of ['ENTRY', 'US-NY/ENTRY']) {
      const answer = await verify(url, { credential: vaccinated, rules });
      assert.deepEqual([answer.codes, answer.checks.rules], [['VALID'], 'passed']);
      assert.deepEqual(answer.rules, { set: 'US-NY/ENTRY', version: '1.0.0', fault: null });
    }
    const free = await verify(url, { credential: once });
    assert.deepEqual([free.codes, free.checks.rules, free.rules], [['VALID'], 'not-asked', null]);
  });

  test('or does not, and is told which and what would satisfy it in the language of the reader', async (t) => {
    const url = await node(t);
    const recent = mintCard(key, doses(dateOf(30), dateOf(3)));
    for (const [language, asks, remedy] of [
      ['en', 'At least 15 days must have passed since the dose', /valid from 20\d\d-\d\d-\d\d/],
      ['zh-TW', '15', /20\d\d-\d\d-\d\d/],
      ['es-MX', '15 días', /20\d\d-\d\d-\d\d/],
    ] as const) {
      const { codes, unmet, reasons } = await verify(url, { credential: recent, rules: 'ENTRY' }, language);
      assert.deepEqual(codes, ['RULES_NOT_MET']);
      assert.deepEqual([unmet.length, unmet[0]?.set, unmet[0]?.rule], [1, 'US-NY/ENTRY', 'VR-US-NY-0005']);
      const [{ text } = { text: '' }] = reasons;
      assert.ok(text.includes('VR-US-NY-0005'), text);
      assert.ok(text.includes(asks), text);
      assert.match(text, remedy);
    }
  });

  test('that count back from an event only if the request says when it begins', async (t) => {
    const url = await node(t);
    const asked = { credential: tested, rules: 'EVENT-72H' };
    const without = await verify(url, asked);
    assert.deepEqual([without.outcome, without.codes], ['undetermined', ['RULES_UNAVAILABLE']]);
    assert.equal(without.rules?.fault, 'EVENT_NEEDED');
    assert.match(without.reasons[0]?.text ?? '', /say when it begins/);
    assert.deepEqual((await verify(url, { ...asked, event: NOW + DAY })).codes, ['VALID']);
    assert.deepEqual((await verify(url, { ...asked, event: NOW + 3 * DAY })).codes, ['RULES_NOT_MET']);
  });

  test('never a set that nobody published, whatever its name holds', async (t) => {
    const url = await node(t);
    for (const rules of ['LAX', 'US-NY/LAX', '/', '', '__proto__', 'US-NY/COVID-19']) {
      const { codes } = await verify(url, { credential: vaccinated, rules });
      assert.deepEqual(codes, ['RULES_UNAVAILABLE'], rules);
    }
  });
});

test('lines of a batch are each held against the rules that they name, in threads too', async (t) => {
  const url = await node(t);
  const lines = [
    [{ credential: vaccinated }, 'VALID', null],
    [{ credential: vaccinated, rules: 'ENTRY' }, 'VALID', '1.0.0'],
    [{ credential: once, rules: 'ENTRY' }, 'RULES_NOT_MET', '1.0.0'],
    [{ credential: once, rules: 'none' }, 'VALID', null],
    [{ credential: tested, rules: 'EVENT-72H' }, 'RULES_UNAVAILABLE', '1.0.0'],
    [{ credential: tested, rules: 'EVENT-72H', event: NOW + DAY }, 'VALID', '1.0.0'],
    [{ credential: tested, rules: 'LAX' }, 'RULES_UNAVAILABLE', null],
  ] as const;
  const body = lines.map(([line]) => JSON.stringify(line)).join('\n');
  const response = await post(`${url}/verify/batch`, body, { 'Content-Type': 'application/x-ndjson' });
  const answers = (await response.text())
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  assert.deepEqual(
    answers.map(({ codes, rules }) => [codes.join(), rules?.version ?? null]),
    lines.map(([, code, version]) => [code, version]),
  );
  const alone = await Promise.all(lines.map(async ([line]) => verify(url, line)));
  assert.deepEqual(answers, alone);
});

test('a request’s rules never replace the operator’s, alone or in a batch', async (t) => {
  const url = await node(t, { rules: 'ENTRY' });
  for (const rules of [undefined, 'none', 'EVENT-72H', 'LAX', '']) {
    const line = { credential: once, rules };
    const { codes, rules: decided } = await verify(url, line);
    assert.deepEqual([codes, decided?.set], [['RULES_NOT_MET'], 'US-NY/ENTRY'], `${rules}`);
    const batch = await post(`${url}/verify/batch`, JSON.stringify(line), {
      'Content-Type': 'application/x-ndjson',
    });
    assert.deepEqual(((await batch.json()) as Answer).codes, ['RULES_NOT_MET']);
  }
});

test('the report says what is published and whether it is here', async (t) => {
  const url = await node(t);
  const { rules } = (await (await fetch(`${url}/trust`)).json()) as { rules: object[] };
  assert.deepEqual(
    rules,
    ['ENTRY', 'EVENT-72H', 'COVID-19'].map((id) => ({
      jurisdiction: 'US-NY',
      id,
      version: 1,
      validFrom: 0,
      state: 'held',
      semver: '1.0.0',
      fault: null,
    })),
  );
});
