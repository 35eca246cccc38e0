import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings, writeSettings } from '../../../verifier/web/settings.ts';

function storageOf(text: string | null): Pick<Storage, 'getItem' | 'setItem'> {
  let kept = text;
  return { getItem: () => kept, setItem: (_name, value) => void (kept = value) };
}

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
