import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PassType } from '../../../credential/health-card.ts';
import type { KeptPass } from '../../../wallet/passes/kept-pass.ts';
import { reminders } from '../../../wallet/passes/reminder.ts';
import { DAY, DID, ISS, ISSUED, NOW } from '../../support/cards.ts';

function kept(id: string, passType: PassType | null, exp: number | null, nbf = ISSUED): KeptPass {
  const issuer = { did: DID, iss: ISS, name: 'Nowhere', jurisdiction: 'US-NO' };
  const subject = { name: 'Nora Nobody', birthDate: '1980-02-29' };
  const profile = passType === null ? 'pass-plus' : 'pass';
  const facts = { profile, passType, subject, issuer, nbf, exp, holder: null } as const;
  return { id, text: 'e.e.e', scheme: null, addedAt: NOW, facts };
}

const due = (...passes: readonly KeptPass[]) =>
  reminders(passes, NOW).map(({ id, renewal }) => `${id}: ${renewal}`);

test('a Pass that ends soon is to be asked for again, or its test repeated, the most urgent first', () => {
  const passes = [
    kept('vaccination', 'vaccination', NOW + 29 * DAY),
    kept('pcr', 'pcr', NOW + DAY / 2),
    kept('antigen', 'antigen', NOW + 60),
  ];
  assert.deepEqual(due(...passes), ['antigen: test-again', 'pcr: test-again', 'vaccination: retrieve-again']);
});

test('nobody is reminded long before, after the end, or of what never ends', () => {
  assert.deepEqual(due(kept('early', 'vaccination', NOW + 31 * DAY)), []);
  assert.deepEqual(due(kept('over', 'vaccination', NOW - 1)), []);
  assert.deepEqual(due(kept('plus', null, null)), []);
});

test('nobody is reminded of a pass that a newer one has replaced', () => {
  const old = kept('old', 'vaccination', NOW + DAY);
  const newer = kept('newer', 'vaccination', NOW + 365 * DAY, ISSUED + 10);
  assert.deepEqual(due(old, newer), []);
});
