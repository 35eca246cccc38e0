import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { NO_NOTES, readNotes, writeNotes } from '../../../../cli/registry/vci/import-notes.ts';
import { assertNext, notesAfter } from '../../../../cli/registry/vci/snapshot-order.ts';

const NOW = 1_770_000_000;
const DAY = 86_400;
const signerOf = (fingerprint: string): { subject: string; fingerprint: string } => ({
  subject: 'CN=vci.org',
  fingerprint,
});
const unsigned = { time: NOW, signer: null };
const signed = { time: NOW, signer: signerOf('aa01') };
const afterSigned = notesAfter(signed, NO_NOTES);
const refused = (code: string, ...asked: Parameters<typeof assertNext>): void =>
  assert.throws(
    () => assertNext(...asked),
    (error: Error & { code?: string }) => error.code === code && /^[A-Z].*\.$/s.test(error.message),
  );

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pratique-notes-'));
});
after(() => rm(folder, { recursive: true }));

test('a snapshot older than one used before is refused, unless it is asked for; it is never the newest', () => {
  const notes = notesAfter(unsigned, NO_NOTES);
  const old = { ...unsigned, time: NOW - 1 };
  refused('SNAPSHOT_OLDER', old, notes, {}, NOW);
  assert.equal(assertNext(old, notes, { older: true }, NOW), false);
  assert.equal(assertNext(unsigned, notes, {}, NOW), true);
  assert.equal(notesAfter(old, notes).newest, NOW);
});

test('a snapshot that does not say when it was taken is not the newest of any', () => {
  const undated = { ...unsigned, time: 0 };
  assert.equal(assertNext(undated, NO_NOTES, {}, NOW), false);
  refused('SNAPSHOT_UNDATED', undated, notesAfter(unsigned, NO_NOTES), {}, NOW);
});

test('a snapshot more than ten minutes ahead is refused, whatever is allowed', () => {
  assert.equal(assertNext({ ...unsigned, time: NOW + 600 }, NO_NOTES, {}, NOW), true);
  const ahead = { ...unsigned, time: NOW + 601 };
  refused('SNAPSHOT_FROM_THE_FUTURE', ahead, NO_NOTES, { older: true, unsigned: true }, NOW);
});

test('after a signed snapshot an unsigned one is refused, unless it is asked for; the signer stays noted', () => {
  refused('SNAPSHOT_UNSIGNED', unsigned, afterSigned, { older: true }, NOW);
  assert.equal(assertNext(unsigned, afterSigned, { unsigned: true }, NOW), true);
  assert.equal(notesAfter(unsigned, afterSigned).signer, 'aa01');
});

test('another signer is refused, unless it is named by its fingerprint', () => {
  const other = { time: NOW, signer: signerOf('bb02') };
  refused('SNAPSHOT_SIGNER_CHANGED', other, afterSigned, { unsigned: true }, NOW);
  refused('SNAPSHOT_SIGNER_CHANGED', other, afterSigned, { newSigner: 'cc03' }, NOW);
  refused('SNAPSHOT_SIGNER_CHANGED', unsigned, afterSigned, { newSigner: 'aa01' }, NOW);
  assert.equal(assertNext(other, afterSigned, { newSigner: 'BB:02' }, NOW), true);
  assert.equal(notesAfter(other, afterSigned).signer, 'bb02');
});

test('notes are read as they were written; nothing is nothing', async () => {
  const path = join(folder, 'deep', 'notes.json');
  assert.equal(await readNotes(path), undefined);
  const notes = { ...afterSigned, imported: true, missing: new Map([['https://a.example kid', NOW - DAY]]) };
  await writeNotes(path, notes);
  assert.deepEqual(await readNotes(path), notes);
});

test('notes that are not whole are refused, not guessed at', async () => {
  const path = join(folder, 'notes.json');
  await writeNotes(path, afterSigned);
  const whole = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  for (const wrong of [
    {},
    { 'https://a.example kid': NOW },
    { ...whole, format: 'other' },
    { ...whole, newest: -1 },
    { ...whole, newest: 'x' },
    { ...whole, signer: 1 },
    { ...whole, imported: 0 },
    { ...whole, missing: [] },
    { ...whole, missing: { 'https://a.example kid': '0' } },
    { ...whole, missing: { 'https://a.example kid': -1 } },
  ]) {
    await writeFile(path, JSON.stringify(wrong));
    await assert.rejects(readNotes(path), { code: 'FILE_UNREADABLE' }, JSON.stringify(wrong));
  }
  await writeFile(path, '{');
  await assert.rejects(readNotes(path), { code: 'FILE_UNREADABLE' });
  await assert.rejects(writeNotes(join(path, 'below'), NO_NOTES), { code: 'FILE_UNREADABLE' });
});
