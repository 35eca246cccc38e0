import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  instructionFile,
  parseInstruction,
  type SignedInstruction,
} from '../../contracts/signed-instruction.ts';
import { newKey } from '../support/cards.ts';
import { word } from './ledger.ts';

const { kid, x, y } = newKey();

const ENVELOPE = {
  chainId: 31337,
  registry: `0x${'12'.repeat(20)}`,
  signer: `0x${'34'.repeat(20)}`,
  nonce: 3,
  deadline: 1_900_000_000,
  signature: `0x${'56'.repeat(65)}`,
};
const REGISTRATION: SignedInstruction = {
  ...ENVELOPE,
  instruction: 'register-key',
  terms: {
    issuerId: 1,
    x,
    y,
    validFrom: 1_760_000_000,
    validUntil: 1_800_000_000,
    revocation: 'bits',
    signature: new Uint8Array(64).fill(7),
  },
};
const ANCHOR: SignedInstruction = {
  ...ENVELOPE,
  instruction: 'anchor',
  terms: {
    issuerId: 1,
    list: `0x${Buffer.from(kid, 'base64url').toString('hex')}`,
    root: Uint8Array.from(Buffer.from(word('root').slice(2), 'hex')),
    counter: 4,
    length: 131_072,
    revoked: 5,
    final: false,
  },
};

/** The file of an instruction as data, to be spoiled. */
function fileOf(
  instruction: SignedInstruction,
): Record<string, unknown> & { terms: Record<string, unknown> } {
  return JSON.parse(instructionFile(instruction)) as ReturnType<typeof fileOf>;
}

test('what is written into a file is read back', () => {
  for (const instruction of [REGISTRATION, ANCHOR]) {
    assert.deepEqual(parseInstruction(fileOf(instruction)), instruction);
  }
  assert.equal(fileOf(ANCHOR)['format'], 'pratique/instruction/1');
});

describe('a file is no instruction', () => {
  const wrong: [string, unknown][] = [
    ['that is no object', []],
    ['that is null', null],
    ['of another format', { ...fileOf(ANCHOR), format: 'pratique/instruction/2' }],
    ['of another kind', { ...fileOf(ANCHOR), instruction: 'compromise-key' }],
    ['with the terms of another kind', { ...fileOf(ANCHOR), instruction: 'register-key' }],
    ['with a member too many', { ...fileOf(ANCHOR), memo: 'x' }],
    ['with a term too many', { ...fileOf(ANCHOR), terms: { ...fileOf(ANCHOR).terms, memo: 'x' } }],
    ['with a nonce as text', { ...fileOf(ANCHOR), nonce: '3' }],
    ['with a negative nonce', { ...fileOf(ANCHOR), nonce: -1 }],
    ['with half a deadline', { ...fileOf(ANCHOR), deadline: 0.5 }],
    ['with a chain that numbers cannot hold', { ...fileOf(ANCHOR), chainId: 2 ** 60 }],
    ['with a short signer', { ...fileOf(ANCHOR), signer: '0x1234' }],
    ['without signature', { ...fileOf(ANCHOR), signature: '0x' }],
    ['with half a byte of signature', { ...fileOf(ANCHOR), signature: '0x123' }],
    ['with a signature of a megabyte', { ...fileOf(ANCHOR), signature: `0x${'00'.repeat(2 ** 20)}` }],
    ['with a final that is a number', { ...fileOf(ANCHOR), terms: { ...fileOf(ANCHOR).terms, final: 0 } }],
    ['with a short root', { ...fileOf(ANCHOR), terms: { ...fileOf(ANCHOR).terms, root: '0x12' } }],
    [
      'with a long coordinate',
      { ...fileOf(REGISTRATION), terms: { ...fileOf(REGISTRATION).terms, x: 'A'.repeat(44) } },
    ],
    [
      'with a coordinate that is a number',
      { ...fileOf(REGISTRATION), terms: { ...fileOf(REGISTRATION).terms, y: 1 } },
    ],
    [
      'with a way to revoke that is none',
      { ...fileOf(REGISTRATION), terms: { ...fileOf(REGISTRATION).terms, revocation: 'crl' } },
    ],
    ...Object.keys(fileOf(ANCHOR)).map((name): [string, unknown] => {
      const { [name]: _, ...rest } = fileOf(ANCHOR);
      return [`without its ${name}`, rest];
    }),
  ];
  for (const [title, json] of wrong) {
    test(title, () => {
      assert.throws(() => parseInstruction(json), { name: 'RegistryError', code: 'INSTRUCTION_MALFORMED' });
    });
  }
});
