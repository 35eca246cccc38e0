import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FhirResource } from '../../../../credential/fhir-bundle.ts';
import type { Decision } from '../../../../verifier/pipeline/decision.ts';
import { DEFAULT_POLICY } from '../../../../verifier/pipeline/venue-policy.ts';
import { explain } from '../../../../verifier/pipeline/words.ts';
import type { Language } from '../../../../verifier/pipeline/words/language.ts';
import {
  anchoredTrust,
  DAY,
  decide,
  healthCard,
  JURISDICTION,
  mintCard,
  NOW,
  trustedIssuer,
  trustedKey,
} from '../../../support/cards.ts';
import {
  bundleOf,
  decideRecord,
  dose,
  key,
  line,
  MET,
  PATIENT,
  PFIZER,
  result,
  rulesTrust,
  SHIPPED,
  shippedTrust,
  unmet,
} from '../../../support/rules.ts';
import type { Asked } from '../../../support/rules.ts';

const AT = '2021-11-10T12:00:00-05:00';
const SERIES = [dose(PFIZER, '2021-10-12'), dose(PFIZER, '2021-11-02')];
const FULLY: Asked = { rules: 'US-NY/FULLY-VACCINATED', at: AT };

describe('a decision names the rule that is not met and what would satisfy it, in three languages', () => {
  const cases: readonly {
    readonly what: string;
    readonly resources: readonly FhirResource[];
    readonly asked: Asked;
    readonly rule: string;
    readonly remedy: Readonly<Record<Language, string>>;
  }[] = [
    {
      what: 'a complete series that has to wait',
      resources: SERIES,
      asked: FULLY,
      rule: 'VR-US-NY-0003',
      remedy: {
        en: 'Dose 2 of 2 on 2021-11-02; valid from 2021-11-16.',
        'zh-Hant': '第 2 劑（共 2 劑）：2021-11-02；自 2021-11-16 起有效。',
        es: 'Dosis 2 de 2 el 2021-11-02; válida desde el 2021-11-16.',
      },
    },
    {
      what: 'half a series',
      resources: SERIES.slice(1),
      asked: FULLY,
      rule: 'VR-US-NY-0002',
      remedy: {
        en: 'Dose 1 of 2 on 2021-11-02; a further dose counts from 2021-11-19.',
        'zh-Hant': '第 1 劑（共 2 劑）：2021-11-02；下一劑自 2021-11-19 起計入。',
        es: 'Dosis 1 de 2 el 2021-11-02; una dosis más cuenta desde el 2021-11-19.',
      },
    },
    {
      what: 'a series of last year',
      resources: [dose(PFIZER, '2020-10-12'), dose(PFIZER, '2020-11-02')],
      asked: FULLY,
      rule: 'VR-US-NY-0004',
      remedy: {
        en: 'Series complete on 2020-11-02; it counted up to and including 2021-11-02.',
        'zh-Hant': '基礎劑次完成於 2020-11-02；有效至 2021-11-02（含當日）。',
        es: 'Pauta completa el 2020-11-02; contaba hasta el 2021-11-02 inclusive.',
      },
    },
    {
      what: 'a test of last week',
      resources: [result('pcr', 'negative', '2021-11-02')],
      asked: { rules: 'US-NY/ENTRY', at: AT },
      rule: 'TR-US-NY-0003',
      remedy: {
        en: 'Sample of 2021-11-02; it counted up to and including 2021-11-05.',
        'zh-Hant': '採樣日 2021-11-02；有效至 2021-11-05（含當日）。',
        es: 'Muestra del 2021-11-02; contaba hasta el 2021-11-05 inclusive.',
      },
    },
    {
      what: 'a test too long before the event',
      resources: [result('pcr', 'negative', '2021-11-05T19:00:00-04:00')],
      asked: { rules: 'US-NY/EVENT-72H', at: AT, event: '2021-11-10T19:00:00-05:00' },
      rule: 'TR-US-NY-0009',
      remedy: {
        en: 'Sample of 2021-11-05, 121 hours before the event.',
        'zh-Hant': '採樣日 2021-11-05，活動開始前 121 小時。',
        es: 'Muestra del 2021-11-05, 121 horas antes del evento.',
      },
    },
  ];
  for (const { what, resources, asked, rule, remedy } of cases) {
    test(what, async () => {
      const decision = await decideRecord(resources, asked);
      assert.deepEqual(decision.unmet.map((one) => [one.rule, one.remedy]), [[rule, remedy]]); // prettier-ignore
      for (const language of ['en', 'zh-Hant', 'es'] as const) {
        const text = explain(decision, language)[0]?.text ?? '';
        const { asks = {} } = decision.unmet[0] ?? {};
        assert.ok(text.includes(`${asks[language]} (${rule})`), language);
        assert.ok(text.endsWith(remedy[language]), language);
      }
    });
  }

  test('the numbers of what is asked are the value set’s', async () => {
    const { unmet: rules } = await decideRecord(SERIES, FULLY);
    assert.equal(
      rules[0]?.asks['en'],
      'At least 14 days must have passed since the dose that completed the series.',
    );
  });
});

describe('where nobody compares the card with an ID, nothing of its record is told', () => {
  const unnamed = { ...FULLY, policy: { ...DEFAULT_POLICY, named: false } };
  for (const [what, resources] of [
    ['a series that has to wait', SERIES],
    ['half a series', SERIES.slice(1)],
  ] as const) {
    test(what, async () => {
      const decision = await decideRecord(resources, unnamed);
      assert.equal(decision.outcome, 'rejected');
      assert.deepEqual([decision.subject, decision.unmet[0]?.remedy], [null, null]);
      for (const value of ['2021-', 'Nobody', 'Nora', '1980']) {
        assert.ok(!JSON.stringify(decision).includes(value), value);
        assert.ok(!JSON.stringify(explain(decision, 'en')).includes(value), value);
      }
    });
  }
});

describe('New York takes other states’ records by the federal base and its own standards', () => {
  const fromIssuer = (jurisdiction: string, attestations: number) =>
    rulesTrust(SHIPPED, { issuers: [trustedIssuer({ jurisdiction, attestations })] });
  const at = '2021-11-16T00:00:00-05:00';
  const ask = async (jurisdiction: string, attestations: number, moment = at) =>
    line(
      await decideRecord(SERIES, {
        rules: 'OUT-OF-STATE',
        at: moment,
        trust: fromIssuer(jurisdiction, attestations),
      }),
    );

  test('of an issuer with all four attestations', async () => {
    assert.equal(await ask('US-NO', 0b1111), MET);
  });

  test('of none that lacks one', async () => {
    for (const lacking of [0b1110, 0b1101, 0b1011, 0b0111, 0, 0b11110000]) {
      assert.equal(await ask('US-NO', lacking), unmet('GR-US-NY-0004'), String(lacking));
    }
  });

  test('of its own without any', async () => {
    assert.equal(await ask('US-NY', 0), MET);
  });

  test('of no issuer too soon: both layers are named where both do not hold', async () => {
    const early = '2021-11-15T23:59:59-05:00';
    assert.equal(await ask('US-NO', 0b1111, early), unmet('VR-US-0003'));
    assert.equal(await ask('US-NO', 0, early), `${unmet('VR-US-0003')}; GR-US-NY-0004`);
  });
});

describe('rules that are not met stand in the precedence like any other rejection', () => {
  const at = NOW;
  const short = [dose(PFIZER, '2026-05-01')];
  const card = mintCard(key, { fhirBundle: bundleOf(PATIENT, ...short) });
  const terms = { rules: 'US-NY/FULLY-VACCINATED', at };
  const answer = ({ outcome, codes }: Decision) => `${outcome}: ${codes.toSorted().join(', ')}`;

  test('by themselves they reject', async () => {
    assert.equal(answer(await decide(card, shippedTrust, terms)), 'rejected: RULES_NOT_MET');
  });

  test('what could not be checked outranks them', async () => {
    const stale = { ...terms, now: NOW + 4 * DAY };
    assert.equal(answer(await decide(card, shippedTrust, stale)), 'undetermined: RULES_NOT_MET, TRUST_STALE');
    const behind = { ...terms, now: NOW - 1000 };
    assert.equal(
      answer(await decide(card, shippedTrust, behind)),
      'undetermined: CLOCK_BEHIND, RULES_NOT_MET',
    );
    const unnamed = mintCard(key, { fhirBundle: bundleOf({ ...PATIENT, name: [] }, ...short) });
    assert.equal(
      answer(await decide(unnamed, shippedTrust, terms)),
      'undetermined: RULES_NOT_MET, SUBJECT_UNNAMED',
    );
  });

  test('an expired card is rejected for both, and one without rules for its end', async () => {
    const expired = mintCard(key, { exp: NOW - 1, fhirBundle: bundleOf(PATIENT, ...short) });
    assert.equal(answer(await decide(expired, shippedTrust, terms)), 'rejected: EXPIRED, RULES_NOT_MET');
    assert.equal(
      answer(await decide(expired, shippedTrust, { ...terms, rules: 'US-NY/NONE' })),
      'rejected: EXPIRED, RULES_UNAVAILABLE',
    );
  });

  test('a suspended issuer is named beside them', async () => {
    const trust = rulesTrust(SHIPPED, { issuers: [trustedIssuer({ status: 'suspended' })] });
    assert.equal(answer(await decide(card, trust, terms)), 'rejected: ISSUER_SUSPENDED, RULES_NOT_MET');
  });

  test('nobody asks rules of a card that nobody signed', async () => {
    const forged = `${card.slice(0, -8)}AAAAAAAA`;
    const decision = await decide(forged, shippedTrust, terms);
    assert.deepEqual([decision.codes, decision.checks.rules], [['SIGNATURE_INVALID'], 'not-run']);
    assert.deepEqual([decision.rules, decision.unmet], [null, []]);
  });
});

describe('a card that the venue itself does not take', () => {
  const met = healthCard({
    nbf: NOW - DAY,
    fhirBundle: bundleOf(PATIENT, dose(PFIZER, '2026-01-01'), dose(PFIZER, '2026-02-01')),
  });
  const policy = { ...DEFAULT_POLICY, acceptedJurisdictions: ['US-NY'] };
  const ask = async (rules: string, event?: number) =>
    decide(mintCard(key, met), shippedTrust, { rules, policy, event });

  test('fails the check of the rules, though the rules are met or none were asked for', async () => {
    for (const rules of ['US-NY/FULLY-VACCINATED', 'none']) {
      const decision = await ask(rules);
      assert.deepEqual([decision.codes, decision.checks.rules], [['RULES_NOT_MET'], 'failed']);
      assert.deepEqual([decision.unwanted, decision.unmet], [['jurisdiction'], []]);
    }
  });

  test('says so once where the rules are not met either', async () => {
    const decision = await ask('US-NY/EVENT-72H', NOW);
    assert.deepEqual([decision.codes, decision.unwanted], [['RULES_NOT_MET'], ['jurisdiction']]);
    assert.equal(decision.unmet[0]?.rule, 'TR-US-NY-0007');
  });

  test('is undetermined where the rules are', async () => {
    const decision = await ask('US-NY/EVENT-72H');
    assert.equal(decision.outcome, 'undetermined');
    assert.deepEqual(decision.codes.toSorted(), ['RULES_NOT_MET', 'RULES_UNAVAILABLE']);
    assert.deepEqual([decision.unwanted, decision.rules?.fault], [['jurisdiction'], 'EVENT_NEEDED']);
  });
});

test('without trust data from a chain rules are the files that are here, once the operator allows it', async () => {
  const { document } = shippedTrust;
  const unanchored = anchoredTrust({
    ...document,
    source: { kind: 'unanchored', origin: 'test' },
    jurisdictions: [JURISDICTION],
    keys: [trustedKey(key, { validFrom: 0, validUntil: 0 })],
    rules: [],
  });
  const trust = { ...unanchored, anchored: false };
  const card = mintCard(key, { fhirBundle: bundleOf(PATIENT, dose(PFIZER, '2026-05-01')) });
  const terms = { rules: 'OUT-OF-STATE' };
  const refused = await decide(card, trust, terms);
  assert.deepEqual(
    [refused.outcome, refused.codes.toSorted()],
    ['undetermined', ['RULES_NOT_MET', 'TRUST_UNANCHORED']],
  );
  const allowed = await decide(card, trust, { ...terms, allowUnanchored: true });
  assert.deepEqual(
    [allowed.outcome, allowed.codes, allowed.rules?.set],
    ['rejected', ['RULES_NOT_MET'], 'US-NY/OUT-OF-STATE'],
  );
});
