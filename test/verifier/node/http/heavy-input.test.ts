import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCardFile } from '../../../../credential/smart-health-card-file.ts';
import { isHeavy } from '../../../../verifier/node/http/heavy-input.ts';

test('text is heavy if it is long or cut into more pieces than a family has cards, however short they are', () => {
  for (const [text, heavy] of [
    ['x'.repeat(16_000), false],
    ['x'.repeat(17_000), true],
    ['e3\n'.repeat(20), false],
    ['e3\n'.repeat(21), true],
    [encodeCardFile(Array.from({ length: 21 }, () => 'e3.e3.e3')), false],
    [encodeCardFile(Array.from({ length: 22 }, () => 'e3.e3.e3')), true],
    ['', false],
  ] as const) {
    assert.equal(isHeavy({ text }), heavy, text.slice(0, 40));
    assert.equal(isHeavy({ bytes: Buffer.from(text) }), heavy, text.slice(0, 40));
  }
});

test('a picture is heavy whatever its size', () => {
  assert.ok(isHeavy({ bytes: Uint8Array.of(0x89, 0x50) }));
  assert.ok(isHeavy({ bytes: Uint8Array.of(0xff, 0xd8) }));
  assert.ok(!isHeavy({ bytes: new Uint8Array() }));
});
