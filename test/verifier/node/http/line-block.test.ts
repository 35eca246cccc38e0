import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { lineCutter, linesOf, MAX_LINE_BYTES } from '../../../../verifier/node/http/line-block.ts';
import type { LineBlock } from '../../../../verifier/node/http/line-block.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function textsOf(blocks: readonly (LineBlock | undefined)[]): readonly string[] {
  return blocks
    .flatMap((block) => (block === undefined ? [] : [...linesOf(block)]))
    .map((line) => (line === 'too-large' ? line : Buffer.from(line).toString('latin1')));
}

test('lines are the same however the stream was cut', () => {
  const text = Buffer.from('one\n\n \r\ntwo\r\nthr\u00e9e\n\u0000\nlast');
  for (let size = 1; size <= text.length; size++) {
    const cutter = lineCutter();
    const blocks: (LineBlock | undefined)[] = [];
    for (let at = 0; at < text.length; at += size) blocks.push(cutter.push(text.subarray(at, at + size)));
    const lines = ['one', 'two\r', 'thr\u00c3\u00a9e', '\u0000', 'last'];
    assert.deepEqual(textsOf([...blocks, cutter.end()]), lines);
  }
});

test('a line may be as long as it may be and no longer, and the next one is whole again', () => {
  const most = 'x'.repeat(MAX_LINE_BYTES);
  const text = Buffer.from(`${most}\n${most}x\nwhole\n\n${most}xyz\nlast\n${most}x`);
  for (const size of [1000, 65_536, MAX_LINE_BYTES, MAX_LINE_BYTES + 1, text.length]) {
    const cutter = lineCutter();
    const blocks: (LineBlock | undefined)[] = [];
    for (let at = 0; at < text.length; at += size) blocks.push(cutter.push(text.subarray(at, at + size)));
    const lines = textsOf([...blocks, cutter.end()]);
    assert.deepEqual(lines, [most, 'too-large', 'whole', 'too-large', 'last', 'too-large'], `${size}`);
  }
});

test('of a line without end nothing is kept', async () => {
  const cutter = lineCutter();
  const before = await held();
  for (let chunk = 0; chunk < 64; chunk++) cutter.push(Buffer.alloc(2 ** 20, 0x61 + (chunk % 20)));
  const grown = ((await held()) - before) / 2 ** 20;
  assert.deepEqual(textsOf([cutter.end()]), ['too-large']);
  assert.ok(grown < 8, `${grown} MiB`);
});

/** Bytes lie outside of the heap, and are given back a little after it was swept. */
async function held(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    collectGarbage();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
