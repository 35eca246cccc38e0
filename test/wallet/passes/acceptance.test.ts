import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inflateRawNode } from '../../../credential/deflate-node.ts';
import type { AskedPlace } from '../../../wallet/passes/judged-pass.ts';
import type { Acceptance } from '../../../wallet/passes/acceptance.ts';
import { placesOf, wouldBeAccepted } from '../../../wallet/passes/acceptance.ts';
import type { KeptPass } from '../../../wallet/passes/kept-pass.ts';
import { ISSUED, mintCard, NOW } from '../../support/cards.ts';
import { negativePcr } from '../../support/published-rules.ts';
import { key, shippedTrust } from '../../support/rules.ts';

const trust = { trust: shippedTrust, now: NOW, allowUnanchored: false };
const HOUR = 3600;
const pcr: KeptPass = {
  id: 'A'.repeat(22),
  text: mintCard(key, { nbf: ISSUED, ...negativePcr(NOW - 30 * HOUR) }),
  scheme: 'shc',
  addedAt: NOW,
  facts: null,
};

const ask = (asked: AskedPlace, language: 'en' | 'es' = 'en'): Promise<Acceptance> =>
  wouldBeAccepted(pcr, asked, { trust, ports: { inflate: inflateRawNode }, language });

test('the places are those whose rules are published, in force and here, in the user’s language', () => {
  const places = placesOf(trust, 'es');
  assert.ok(places.some(({ rules, timeZone }) => rules === 'US-NY/ENTRY' && timeZone === 'America/New_York'));
  assert.ok(places.every(({ rules }) => !rules.endsWith('COVID-19')));
  assert.notDeepEqual(
    places.map(({ title }) => title),
    placesOf(trust, 'en').map(({ title }) => title),
  );
  assert.deepEqual(placesOf({ ...trust, trust: 'missing' }, 'es'), []);
});

describe('would this pass be accepted?', () => {
  test('72 hours before an event: yes for one soon, no for one later, in words', async () => {
    const soon = NOW + 24 * HOUR;
    const yes = await ask({ rules: 'US-NY/EVENT-72H', at: soon, event: soon });
    assert.deepEqual(yes.decision.codes, ['VALID']);
    const later = NOW + 60 * HOUR;
    const no = await ask({ rules: 'US-NY/EVENT-72H', at: later, event: later });
    assert.deepEqual(no.decision.codes, ['RULES_NOT_MET']);
    assert.match(no.reasons[0]?.text ?? '', /72/);
    assert.ok(no.rules !== null && typeof no.rules !== 'string');
    assert.equal(no.rules.needsEvent, true);
  });

  test('without the time of an event that counts, nobody says yes', async () => {
    const { decision } = await ask({ rules: 'US-NY/EVENT-72H', at: NOW });
    assert.deepEqual(decision.codes, ['RULES_UNAVAILABLE']);
  });

  test('at a place that publishes nothing, nobody says yes, and why', async () => {
    const { decision, rules } = await ask({ rules: 'US-ZZ/ENTRY', at: NOW });
    assert.equal(decision.outcome, 'undetermined');
    assert.equal(rules, 'NOT_PUBLISHED');
  });

  test('by stale trust data, nobody says yes, whatever the date', async () => {
    const stale = { ...trust, now: NOW + 30 * 24 * HOUR };
    const { decision } = await wouldBeAccepted(
      pcr,
      { rules: 'US-NY/EVENT-72H', at: NOW, event: NOW },
      { trust: stale, ports: { inflate: inflateRawNode }, language: 'en' },
    );
    assert.deepEqual(decision.codes, ['TRUST_STALE']);
  });
});
