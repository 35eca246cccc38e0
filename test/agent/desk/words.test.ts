import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ORDER_STATES as SERVED_STATES } from '../../../agent/bulk-orders/order-record.ts';
import type { AuditKind } from '../../../agent/audit/audit-entry.ts';
import { REVOCATION_REASONS } from '../../../agent/card-record.ts';
import {
  CORRECTION_STATES,
  ORDER_STATES,
  OUTCOMES,
  PRODUCT_NAMES,
  REASONS,
  STEPS,
} from '../../../agent/desk/answers.ts';
import { DESK_WORDS } from '../../../agent/desk/desk-words.ts';
import type { Implausibility } from '../../../agent/plausibility.ts';
import { PRODUCTS } from '../../../agent/products.ts';
import type { Disqualification } from '../../../agent/qualification.ts';
import { CORRECTION_OUTCOMES } from '../../../agent/retrieval/correction-words.ts';
import type { CorrectionState } from '../../../agent/retrieval/corrections.ts';
import { RETRIEVAL_STEPS } from '../../../agent/retrieval/retrieval-counters.ts';
import { PROBLEMS } from '../../../agent/service/problems.ts';
import { SCOPES } from '../../../agent/service/scope.ts';
import type { BundleCode } from '../../../credential/errors.ts';
import { LANGUAGES } from '../../../verifier/pipeline/words/language.ts';
import { assertComplete, assertOwnWords, textsOf } from '../../verifier/pipeline/words/table-properties.ts';

/** Why a record is refused; the compiler asks for each. */
const REFUSALS: Readonly<Record<Disqualification | Implausibility | BundleCode, true>> = {
  NO_ACCEPTED_DOSE: true,
  SERIES_INCOMPLETE: true,
  NO_NEGATIVE_RESULT: true,
  TEST_TIME_MISSING: true,
  POSITIVE_RESULT: true,
  TOO_EARLY: true,
  WINDOW_OVER: true,
  BORN_TOO_LONG_AGO: true,
  NAME_WITHOUT_LETTERS: true,
  DOSE_BEFORE_VACCINE: true,
  TOO_MANY_DOSES: true,
  TOO_MANY_CARDS: true,
  BUNDLE_MALFORMED: true,
  PATIENT_MISSING: true,
  PATIENT_NOT_UNIQUE: true,
  PATIENT_UNNAMED: true,
  BIRTH_DATE_INVALID: true,
  DATE_IMPLAUSIBLE: true,
  NOTHING_ATTESTED: true,
  PLACEHOLDER: true,
  NOT_MINIMAL: true,
  PROFILE_BROKEN: true,
  REFERENCE_UNRESOLVED: true,
};
/** Kinds of deeds; the compiler asks for each. */
const DEEDS: Readonly<Record<AuditKind, true>> = {
  'issuer-made': true,
  'store-restored': true,
  'key-made': true,
  'key-window-recorded': true,
  'key-ended': true,
  'key-destroyed': true,
  'policy-said': true,
  'registry-bound': true,
  'registry-learned': true,
  'asked-by': true,
  'client-added': true,
  'client-disabled': true,
  'client-quota-said': true,
  'quota-alarm': true,
  'card-retrieved': true,
  'records-load-begun': true,
  'records-loaded': true,
  'records-dropped': true,
  'correction-taken': true,
  'correction-resolved': true,
  'person-unlocked': true,
  'bulk-order': true,
  'card-issued': true,
  'cards-issued': true,
  'indices-reserved': true,
  'card-revoked': true,
  'list-anchored': true,
  'records-seen': true,
  'corrections-seen': true,
};
const STATES: Readonly<Record<CorrectionState, true>> = {
  open: true,
  'in-work': true,
  done: true,
  refused: true,
};

for (const language of LANGUAGES) {
  describe(`the desk in ${language}`, () => {
    const texts = textsOf(DESK_WORDS[language]);
    const english = textsOf(DESK_WORDS.en);

    test('says all that it says in English', () => {
      assertComplete(DESK_WORDS[language], DESK_WORDS.en);
    });

    test('fills in what it fills in in English, and ends a sentence where English does', () => {
      for (const [key, text] of texts) {
        const said = english.get(key) ?? '';
        const namesOf = (one: string) => (one.match(/\{\w+\}/g) ?? []).toSorted();
        assert.deepEqual(namesOf(text), namesOf(said), key);
        assert.equal(/[.?。？]$/.test(text), /[.?]$/.test(said), `${key}: ${text}`);
      }
    });

    test('says it in its own words', () => {
      if (language === 'en') return;
      const own = [...texts].filter(([key]) => !key.endsWith('.comma'));
      assertOwnWords(new Map(own), english, language);
    });
  });
}

test('the page knows every code that the service answers with, and no other', () => {
  const words = DESK_WORDS.en;
  const same = (some: readonly string[], others: readonly string[]): void => {
    assert.deepEqual(some.toSorted(), others.toSorted());
  };
  same(PRODUCT_NAMES, Object.keys(PRODUCTS));
  same(REASONS, REVOCATION_REASONS);
  same(STEPS, RETRIEVAL_STEPS);
  same(OUTCOMES, Object.keys(CORRECTION_OUTCOMES));
  same(CORRECTION_STATES, Object.keys(STATES));
  same(ORDER_STATES, SERVED_STATES);
  same(Object.keys(words.scopes), SCOPES);
  same(Object.keys(words.deeds), Object.keys(DEEDS));
  for (const code of Object.keys(REFUSALS)) assert.ok(code in words.refusals, code);
  // No answer of the service: of the page's own, and why an order failed.
  const others = new Set(['NO_ANSWER', 'other', 'ORDER_DISOWNED']);
  for (const code of Object.keys(words.problems)) assert.ok(code in PROBLEMS || others.has(code), code);
});
