import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeAddress,
  decodeJurisdiction,
  encodeAddress,
  encodeCoordinate,
  encodeDigest,
  encodeJurisdiction,
  encodeKid,
  encodeListName,
  encodeRulesId,
  wordOf,
  ZERO_ADDRESS,
} from '../../contracts/registry-encoding.ts';
import { newKey } from '../support/cards.ts';
import { word } from './ledger.ts';

/** Of ERC-55's own examples. */
const CHECKED = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

const invalid = { name: 'RegistryError', code: 'ARGUMENT_INVALID' };

test('an address is taken with its checksum, or without capitals, and given back with it', () => {
  const digits = CHECKED.slice(2);
  for (const spelling of [CHECKED, CHECKED.toLowerCase(), `0x${digits.toUpperCase()}`]) {
    assert.equal(encodeAddress(spelling), CHECKED);
  }
  for (const wrong of [CHECKED.replace('aA', 'Aa'), CHECKED.slice(0, -1), digits, '', 'none']) {
    assert.throws(() => encodeAddress(wrong), invalid, wrong);
  }
});

test('nobody is the zero address, both ways', () => {
  assert.equal(encodeAddress(null), ZERO_ADDRESS);
  assert.equal(decodeAddress(ZERO_ADDRESS), null);
  assert.equal(decodeAddress(CHECKED), CHECKED);
});

test('codes are capital letters, digits and hyphens, left-aligned', () => {
  const bytes = encodeJurisdiction('US-NY');
  assert.equal(bytes, `0x55532d4e59${'0'.repeat(54)}`);
  assert.equal(decodeJurisdiction(bytes), 'US-NY');
  assert.equal(encodeRulesId('US-NY'), bytes);
  for (const wrong of ['', 'us-ny', 'US NY', 'É', 'A'.repeat(33)]) {
    assert.throws(() => encodeJurisdiction(wrong), invalid, wrong);
    assert.throws(() => encodeRulesId(wrong), invalid, wrong);
  }
});

test('a list is named by a kid, by 32 bytes, or by the hash of another name', () => {
  const { kid } = newKey();
  assert.equal(encodeListName(kid), encodeKid(kid));
  assert.equal(encodeListName(word('audit').toUpperCase().replace('0X', '0x')), word('audit'));
  assert.equal(encodeListName('name:audit'), word('audit'));
  for (const wrong of ['audit', kid.slice(1), '0x12']) assert.throws(() => encodeListName(wrong), invalid);
});

test('digests and coordinates are of their length', () => {
  assert.equal(encodeDigest(word('x').toUpperCase().replace('0X', '0x'), 'It'), word('x'));
  assert.throws(() => encodeDigest(word('x').slice(0, -2), 'It'), invalid);
  assert.equal(encodeCoordinate('AQI'), '0x0102');
  for (const wrong of ['AQI=', 'A', 'AQJ']) assert.throws(() => encodeCoordinate(wrong), invalid);
});

test('a state that the registry cannot be in is an answer that is not its', () => {
  assert.throws(() => wordOf(['none'], 1), { name: 'RegistryError', code: 'CHAIN_ANSWER_INVALID' });
});
