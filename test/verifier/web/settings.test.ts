import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventNow, readSettings, writeSettings } from '../../../verifier/web/settings.ts';

function storageOf(text: string | null): Pick<Storage, 'getItem' | 'setItem'> {
  let kept = text;
  return { getItem: () => kept, setItem: (_name, value) => void (kept = value) };
}

/** As `hashPin` writes it. */
const PIN_HASH = `$argon2id$v=19$m=65536,t=3,p=1$${'A'.repeat(22)}$${'B'.repeat(22)}`;

test('what is written is read again', () => {
  const storage = storageOf(null);
  const before = readSettings(storage);
  const changed = {
    ...before,
    language: 'es',
    greenSeconds: 0.8,
    twoStep: true,
    rules: 'US-NY/ENTRY',
    event: 5,
    theme: 'dark' as const,
    cues: true,
    kiosk: { seconds: 10 as const, pin: PIN_HASH },
  };
  writeSettings(storage, changed);
  assert.deepEqual(readSettings(storage), changed);
});

test('sounds, vibration and two steps are off, and green stays three seconds, until somebody wants otherwise', () => {
  const { sounds, vibration, twoStep, greenSeconds, rules } = readSettings(storageOf(null));
  assert.deepEqual([sounds, vibration, twoStep, greenSeconds, rules], [false, false, false, 3, 'none']);
});

test('what is damaged or out of range is as it was in the beginning', () => {
  const fresh = readSettings(storageOf(null));
  for (const text of [
    '{',
    'null',
    '[]',
    '"x"',
    '{"theme":"pink","cues":1,"kiosk":{"seconds":3,"pin":"4711"}}',
    '{"kiosk":{"seconds":3,"pin":"$argon2id$v=19$m=9999999,t=3,p=1$x$y"}}',
    '{"greenSeconds":900,"sounds":"yes","rules":5,"event":"now"}',
  ]) {
    assert.deepEqual(readSettings(storageOf(text)), fresh, text);
  }
});

test('a browser that keeps nothing takes the settings for this visit', () => {
  const full = {
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
  assert.doesNotThrow(() => {
    writeSettings(full, readSettings(storageOf(null)));
  });
});

test('a kiosk stays one though how long results stay is damaged: nobody comes out that way', () => {
  const { kiosk } = readSettings(storageOf(JSON.stringify({ kiosk: { seconds: 999, pin: PIN_HASH } })));
  assert.deepEqual(kiosk, { seconds: 3, pin: PIN_HASH });
});

test('the time of an event that is over for days is nobody’s: it would let old tests in', () => {
  const began = 1_000_000;
  assert.equal(eventNow({ event: began }, began - 3600), began);
  assert.equal(eventNow({ event: began }, began + 2 * 86_400), began);
  assert.equal(eventNow({ event: began }, began + 3 * 86_400), undefined);
  assert.equal(eventNow({ event: undefined }, began), undefined);
});
