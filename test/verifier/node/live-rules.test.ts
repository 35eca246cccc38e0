import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { signBundle } from '../../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../../verifier/node/exporter-key.ts';
import { openVenue } from '../../../verifier/node/live-trust.ts';
import type { LiveVenue, VenueOptions } from '../../../verifier/node/live-trust.ts';
import type { Decision } from '../../../verifier/pipeline/decision.ts';
import { MAX_RULE_FILE_BYTES } from '../../../verifier/pipeline/trust-document.ts';
import type { TrustDocument } from '../../../verifier/pipeline/trust-document.ts';
import { DAY, decide } from '../../support/cards.ts';
import { startLivingRegistry } from '../../support/living-registry.ts';
import type { LivingRegistry } from '../../support/living-registry.ts';
import { changedText, doses, publishedAs, ruleDigest, shippedText } from '../../support/published-rules.ts';
import { temporaryFolder } from './temporary-folder.ts';

const NOBODY = 'http://127.0.0.1:1';
const dateOf = (secondsAgo: number): string =>
  new Date(Date.now() - secondsAgo * 1000).toISOString().slice(0, 10);
/** Both doses, the last of them a hundred days ago. */
const VACCINATED = doses(dateOf(130 * DAY), dateOf(100 * DAY));

/** A rule set of a name of its own, by the values that come with the program. */
const setNamed = (id: string, version = '1.0.0'): string =>
  changedText(shippedText('US-NY/ENTRY'), (json) => Object.assign(json, { id, version }));

let living: LivingRegistry;
before(async () => {
  living = await startLivingRegistry();
  await living.anchor();
  await living.clients.accreditor.publishRules(publishedAs(shippedText('US-NY/ENTRY')));
  await living.clients.accreditor.publishRules(publishedAs(shippedText('US-NY/COVID-19')));
});
after(() => living.stop());

async function open(t: TestContext, options: VenueOptions): Promise<LiveVenue> {
  const venue = await openVenue(options);
  t.after(() => venue.stop());
  return venue;
}
async function decided(venue: LiveVenue, content: object = VACCINATED): Promise<Decision> {
  return decide(living.card(1, content), venue.trust(), venue.terms({}));
}
const verdict = async (venue: LiveVenue): Promise<string> => {
  const { codes, rules } = await decided(venue);
  return [codes.join(), rules?.fault].filter((word) => word !== null && word !== undefined).join(' ');
};
const rowOf = (venue: LiveVenue, id: string): readonly unknown[] => {
  const row = venue.report().rules.find((one) => one.id === id);
  return [row?.state, row?.semver, row?.fault];
};
/** The number of a version rises from one test to the next. */
let versions = 1;
async function publish(text: string, at: { readonly uri?: string; readonly digest?: string | null } = {}) {
  versions += 1;
  await living.clients.accreditor.publishRules(publishedAs(text, { version: versions, ...at }));
}
const uriOf = (path: string): string => `https://lists.example:${living.server.port}${path}`;

describe('a venue with a chain', () => {
  test('decides by the rules that come with the program once they are published', async (t) => {
    const venue = await open(t, living.venue(await temporaryFolder(t), { rules: 'ENTRY' }));
    await venue.syncNow();
    assert.deepEqual((await decided(venue)).codes, ['VALID']);
    const one = await decided(venue, doses(dateOf(100 * DAY)));
    assert.deepEqual([one.codes, one.unmet[0]?.rule], [['RULES_NOT_MET'], 'VR-US-NY-0002']);
    assert.deepEqual(rowOf(venue, 'ENTRY'), ['held', '1.0.0', null]);
  });

  test('fetches what is published from where the registry says, and takes nothing else for it', async (t) => {
    const text = setNamed('FETCHED');
    const path = '/rules/fetched';
    living.files.set(path, setNamed('FETCHED', '1.0.1'));
    await publish(text, { uri: uriOf(path) });
    const venue = await open(t, living.venue(await temporaryFolder(t), { rules: 'FETCHED' }));
    await venue.syncNow();
    assert.deepEqual(rowOf(venue, 'FETCHED'), ['missing', null, 'DIGEST_DIFFERS']);
    assert.equal(await verdict(venue), 'RULES_UNAVAILABLE MISSING');

    living.files.set(path, text);
    await venue.syncNow();
    assert.deepEqual(rowOf(venue, 'FETCHED'), ['held', '1.0.0', null]);
    assert.equal(await verdict(venue), 'VALID');
    living.server.asked();
    await venue.syncNow();
    assert.deepEqual(living.server.asked(), [], 'what is held is fetched no more');

    const later = setNamed('FETCHED', '1.1.0');
    await publish(later, { uri: uriOf('/rules/later') });
    await venue.syncNow();
    assert.deepEqual(rowOf(venue, 'FETCHED'), ['missing', null, 'NOT_SERVED']);
    assert.equal(await verdict(venue), 'RULES_UNAVAILABLE DIFFERS', 'the old ones do not go on');

    await publish(later, { digest: null });
    await venue.syncNow();
    assert.deepEqual(rowOf(venue, 'FETCHED'), ['ended', null, null]);
    assert.equal(await verdict(venue), 'RULES_UNAVAILABLE ENDED');
  });

  test('holds what it fetched: after a restart without a network, and in the bundle for a second venue', async (t) => {
    const text = setNamed('KEPT');
    living.files.set('/rules/kept', text);
    await publish(text, { uri: uriOf('/rules/kept') });
    const store = await temporaryFolder(t);
    const first = await openVenue(living.venue(store, { rules: 'KEPT' }));
    await first.syncNow();
    assert.equal(await verdict(first), 'VALID');
    const [bundle, exporter] = [(await first.bundle()) ?? '', first.report().exporter ?? ''];
    await first.stop();
    living.files.delete('/rules/kept');

    const source = { store, registry: living.registry(NOBODY) };
    const again = await open(t, living.venue(store, { source, rules: 'KEPT' }));
    assert.equal(await verdict(again), 'VALID');
    assert.deepEqual(rowOf(again, 'KEPT'), ['held', '1.0.0', null]);

    const path = join(await temporaryFolder(t), 'venue.bundle');
    await writeFile(path, bundle);
    const second = await open(
      t,
      living.venue('', { source: { bundle: path, exporter }, rules: 'US-NY/KEPT' }),
    );
    const imported = await open(t, living.venue(await temporaryFolder(t), { rules: 'KEPT' }));
    await imported.importBundle(bundle, exporter);
    for (const venue of [second, imported]) {
      for (const content of [VACCINATED, doses(dateOf(100 * DAY)), doses()]) {
        const [one, other] = await Promise.all([again, venue].map((each) => decided(each, content)));
        assert.deepEqual({ ...one, trust: null }, { ...other, trust: null });
      }
      assert.equal(await venue.bundle(), bundle);
    }
    // What came as a bundle is not forgotten at the first sync.
    await imported.syncNow();
    assert.equal(imported.report().imported, false);
    assert.equal(await verdict(imported), 'VALID');
  });

  test('keeps what came earlier when more comes, and downloads nothing larger than a rule set', async (t) => {
    const [one, other, large] = [setNamed('ONE'), setNamed('OTHER'), ' '.repeat(MAX_RULE_FILE_BYTES + 1)];
    living.files.set('/rules/one', one).set('/rules/other', other).set('/rules/large', large);
    await publish(one, { uri: uriOf('/rules/one') });
    const venue = await open(t, living.venue(await temporaryFolder(t), { rules: 'ONE' }));
    await venue.syncNow();
    living.files.delete('/rules/one');
    await publish(other, { uri: uriOf('/rules/other') });
    await publish(setNamed('LARGE'), { uri: uriOf('/rules/large'), digest: ruleDigest(large) });
    await venue.syncNow();
    assert.equal(await verdict(venue), 'VALID');
    assert.deepEqual(rowOf(venue, 'OTHER'), ['held', '1.0.0', null]);
    assert.deepEqual(rowOf(venue, 'LARGE'), ['missing', null, 'TOO_LARGE']);
  });

  test('lists and rules that come together are held together', async (t) => {
    const text = setNamed('TOGETHER');
    living.files.set('/rules/together', text);
    await publish(text, { uri: uriOf('/rules/together') });
    const store = await temporaryFolder(t);
    const first = await openVenue(living.venue(store, { rules: 'TOGETHER' }));
    await first.syncNow();
    await first.stop();
    const venue = await open(
      t,
      living.venue(store, { source: { store, registry: living.registry(NOBODY) }, rules: 'TOGETHER' }),
    );
    assert.equal(venue.report().lists[0]?.state, 'current');
    assert.equal(await verdict(venue), 'VALID');
  });
});

describe('a venue with a bundle alone', () => {
  async function withDocument(
    t: TestContext,
    change: Partial<TrustDocument>,
    options: Partial<VenueOptions>,
  ): Promise<LiveVenue> {
    const source = await open(t, living.venue(await temporaryFolder(t)));
    await source.syncNow();
    const trust = source.trust();
    assert.ok(typeof trust !== 'string');
    const path = join(await temporaryFolder(t), 'bundle');
    const exporter = oneTimeExporterKey();
    await writeFile(path, signBundle({ ...trust.document, ...change }, exporter));
    return open(t, living.venue('', { source: { bundle: path, exporter: exporter.kid }, ...options }));
  }

  test('takes files on their own word where nothing ties its data to a chain', async (t) => {
    const unanchored: Partial<TrustDocument> = {
      source: { kind: 'unanchored', origin: 'a test' },
      seen: null,
      rules: [],
      ruleFiles: [],
    };
    const venue = await withDocument(t, unanchored, { rules: 'US-NY/ENTRY', allowUnanchored: true });
    assert.equal(await verdict(venue), 'VALID');
    assert.deepEqual(venue.report().rules, []);
    const ambiguous = await withDocument(t, unanchored, { rules: 'COVID-19', allowUnanchored: true });
    assert.equal(await verdict(ambiguous), 'RULES_UNAVAILABLE NOT_PUBLISHED', 'a value set is no rule set');
  });

  test('takes none on its own word where a chain says what is published', async (t) => {
    const text = setNamed('SLIPPED-IN');
    const files = [text, shippedText('US-NY/COVID-19')];
    const none = await withDocument(t, { ruleFiles: files }, { rules: 'SLIPPED-IN' });
    assert.equal(await verdict(none), 'RULES_UNAVAILABLE NOT_PUBLISHED');
    const rules = [publishedAs(text, { digest: ruleDigest('another') })];
    const other = await withDocument(t, { rules, ruleFiles: files }, { rules: 'SLIPPED-IN' });
    assert.equal(await verdict(other), 'RULES_UNAVAILABLE DIFFERS');
  });
});
