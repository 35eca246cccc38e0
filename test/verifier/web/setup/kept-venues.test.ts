import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeSetupCode, setupSigningInput } from '../../../../verifier/pipeline/setup-code.ts';
import {
  readVenues,
  withoutVenue,
  withVenue,
  writeVenues,
} from '../../../../verifier/web/setup/kept-venues.ts';
import type { KeptVenues } from '../../../../verifier/web/setup/kept-venues.ts';
import { encodeCompactJws } from '../../../../credential/jws.ts';

const NONE: KeptVenues = { codes: [], active: null };

/** A code of that id; each time it is signed it is another text. */
function codeOf(id: string, signed = 0): string {
  const said = {
    id: id.padEnd(16, '-'),
    name: 'Hall',
    rules: 'none',
    languages: [],
    pin: null,
    registry: null,
    iat: 0,
    takeUntil: 1,
    exp: 2,
  };
  return encodeSetupCode(
    encodeCompactJws(setupSigningInput('k'.repeat(43), said), new Uint8Array(64).fill(signed)),
  );
}

function storageOf(text: string | null): Pick<Storage, 'getItem' | 'setItem'> {
  let kept = text;
  return { getItem: () => kept, setItem: (_name, value) => void (kept = value) };
}

test('what is kept is the codes themselves, and which of them is scanned for', () => {
  const storage = storageOf(null);
  const venues = withVenue(withVenue(NONE, codeOf('one')), codeOf('two'));
  assert.deepEqual(venues, { codes: [codeOf('two'), codeOf('one')], active: codeOf('two') });
  assert.equal(writeVenues(storage, venues), true);
  assert.deepEqual(readVenues(storage), venues);
});

test('one code is one venue, however often it was signed', () => {
  const venues = withVenue(withVenue(NONE, codeOf('one', 1)), codeOf('one', 2));
  assert.deepEqual(venues, { codes: [codeOf('one', 2)], active: codeOf('one', 2) });
});

test('twenty venues are kept, those that were chosen last', () => {
  const codes = Array.from({ length: 21 }, (_, at) => codeOf(`venue${at}`));
  const venues = codes.reduce(withVenue, NONE);
  assert.equal(venues.codes.length, 20);
  assert.equal(venues.codes.includes(codes[0] ?? ''), false);
});

test('nobody is scanned for once the venue is removed; another one goes without a trace', () => {
  const venues = withVenue(withVenue(NONE, codeOf('one')), codeOf('two'));
  assert.deepEqual(withoutVenue(venues, codeOf('one')), { codes: [codeOf('two')], active: codeOf('two') });
  assert.deepEqual(withoutVenue(venues, codeOf('two')), { codes: [codeOf('one')], active: null });
});

test('what is damaged, or names a venue that is not kept, is no venue', () => {
  for (const text of ['{', 'null', '[]', '{"codes":5}', '{"codes":[5,"shc:/56"],"active":"shc:/56"}']) {
    assert.deepEqual(readVenues(storageOf(text)), NONE, text);
  }
  const kept = JSON.stringify({ codes: [codeOf('one')], active: codeOf('two') });
  assert.deepEqual(readVenues(storageOf(kept)), { codes: [codeOf('one')], active: null });
});

test('a browser that keeps nothing says so', () => {
  const full = {
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
  assert.equal(writeVenues(full, NONE), false);
});
