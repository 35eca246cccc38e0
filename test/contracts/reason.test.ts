import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ATTESTATIONS, attestationNames } from '../../contracts/attestation.ts';
import { reasonInWords, REASONS } from '../../contracts/reason.ts';

test('a reason is told with its name, one of the sender’s own by its number', () => {
  assert.equal(reasonInWords(0), '0, unspecified');
  assert.equal(reasonInWords(7), '7, legal-order');
  assert.equal(reasonInWords(8), '8');
});

test('attestations are told by the names of their bits', () => {
  assert.deepEqual(attestationNames(0), []);
  assert.deepEqual(attestationNames(0b1001), ['print-and-digital-access', 'completeness-policy']);
  assert.deepEqual(attestationNames(2 ** 31), ['bit 31']);
});

test('the manual of the contract says the same of every number', async () => {
  const manual = await readFile(new URL('../../contracts/IIssuerRegistry.sol', import.meta.url), 'utf8');
  const text = manual.replaceAll(/\s+\/\/\/\s*/g, ' ');
  const said = (number: number, name: string): RegExp =>
    // `compromised` stands there as "account or key compromised".
    new RegExp(`\\b${number} [\\w ]*${name.replaceAll('-', ' ')}`);
  for (const [number, name] of [...REASONS.entries(), ...ATTESTATIONS.entries()]) {
    assert.match(text, said(number, name));
  }
});
