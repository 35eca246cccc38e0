import assert from 'node:assert/strict';
import { createSecretKey, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeEntries, encodeEntries, type BackupEntry } from '../../agent/backup/backup-entries.ts';
import { FRAME_BYTES, openFrames, sealFrames, type FrameKey } from '../../agent/backup/sealed-frames.ts';

const SEALED = FRAME_BYTES + 16;
const KEY: FrameKey = { key: createSecretKey(randomBytes(32)), header: randomBytes(32) };

async function* streamOf<T>(...parts: readonly T[]): AsyncGenerator<T> {
  yield* parts;
}

async function collect(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

async function seal(plain: Uint8Array): Promise<Buffer> {
  return collect(sealFrames(streamOf(plain), KEY));
}

async function open(sealed: Uint8Array, key = KEY): Promise<Buffer> {
  return collect(openFrames(streamOf(sealed), key));
}

test('what is sealed in frames comes out again, whatever its length', async () => {
  for (const length of [0, 1, FRAME_BYTES - 1, FRAME_BYTES, FRAME_BYTES + 1, 2 * FRAME_BYTES]) {
    const plain = randomBytes(length);
    const sealed = await seal(plain);
    assert.equal(sealed.length, length + 16 * Math.max(1, Math.ceil(length / FRAME_BYTES)));
    assert.deepEqual(await open(sealed), plain);
  }
});

test('frames that end at a border, go on behind the last, or stand under another header or number are refused', async () => {
  const sealed = await seal(randomBytes(2 * FRAME_BYTES));
  const [first, second] = [sealed.subarray(0, SEALED), sealed.subarray(SEALED)];
  const cases = [
    Buffer.alloc(0),
    first,
    second,
    Buffer.concat([second, first]),
    Buffer.concat([sealed, second]),
  ];
  for (const bytes of cases) await assert.rejects(open(bytes), { code: 'BACKUP_INVALID' });
  await assert.rejects(open(sealed, { ...KEY, header: randomBytes(32) }), { code: 'BACKUP_INVALID' });
  await assert.rejects(open(sealed, { ...KEY, key: createSecretKey(randomBytes(32)) }), {
    code: 'BACKUP_INVALID',
  });
});

test('entries come out as they went in, wherever their bytes are cut', async () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  const entry = fc.record({ kind: fc.constantFrom('record', 'file'), key: bytes, value: bytes });
  const groups = fc.array(fc.array(entry, { maxLength: 5 }), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(groups, fc.integer({ min: 1, max: 50 }), async (entries, step) => {
      const whole = await collect(encodeEntries(streamOf(...entries)));
      const cut = Array.from({ length: Math.ceil(whole.length / step) }, (_, at) =>
        whole.subarray(at * step, (at + 1) * step),
      );
      const found: BackupEntry[] = [];
      for await (const some of decodeEntries(streamOf(...cut))) found.push(...some);
      const plain = (list: readonly BackupEntry[]): unknown =>
        list.map(({ kind, key, value }) => [kind, Buffer.from(key), Buffer.from(value)]);
      assert.deepEqual(plain(found), plain(entries.flat()));
    }),
  );
});

test('entries without their end, with more behind it, or of no known kind are refused', async () => {
  const entry: BackupEntry = { kind: 'record', key: Buffer.from('key'), value: Buffer.from('value') };
  const whole = await collect(encodeEntries(streamOf([entry])));
  const unknown = Buffer.from(whole);
  unknown[0] = 3;
  const cases = [
    ...Array.from({ length: whole.length }, (_, end) => whole.subarray(0, end)),
    Buffer.concat([whole, Buffer.of(0)]),
    unknown,
  ];
  for (const bytes of cases) {
    const read = async (): Promise<void> => {
      for await (const some of decodeEntries(streamOf(bytes))) assert.ok(some.length <= 1);
    };
    await assert.rejects(read, { code: 'BACKUP_INVALID' });
  }
});
