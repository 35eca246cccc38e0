import { backupInvalid } from './backup-invalid.ts';

// What is sealed in a backup, one entry after the other:
//
//   1 byte     0 a record of the store, 1 a file beside it, 2 the end
//   4 bytes    length of the key or name, big-endian
//   4 bytes    length of the value
//   the rest   key or name, value
//
// The end has neither: what comes before it is whole.

/** A record of the store with its raw key and value, or a small file beside it under its name. */
export interface BackupEntry {
  readonly kind: 'record' | 'file';
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

const KINDS = ['record', 'file', 'end'] as const;
const HEAD_BYTES = 9;

/** The bytes of entries, and of the end behind them. */
export async function* encodeEntries(
  entries: AsyncIterable<readonly BackupEntry[]>,
): AsyncGenerator<Uint8Array> {
  for await (const some of entries) {
    yield Buffer.concat(some.flatMap(({ kind, key, value }) => [headOf(kind, key, value), key, value]));
  }
  yield headOf('end', NOTHING, NOTHING);
}

/** The entries in those bytes, which may be cut anywhere. IssuerError BACKUP_INVALID unless they are whole. */
export async function* decodeEntries(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly BackupEntry[]> {
  let rest = Buffer.alloc(0);
  let ended = false;
  for await (const chunk of bytes) {
    rest = Buffer.concat([rest, chunk]);
    const entries: BackupEntry[] = [];
    while (!ended && rest.length >= HEAD_BYTES) {
      const kind = KINDS[rest[0] ?? KINDS.length];
      const keyEnd = HEAD_BYTES + rest.readUInt32BE(1);
      const end = keyEnd + rest.readUInt32BE(5);
      if (kind === undefined) throw backupInvalid();
      if (rest.length < end) break;
      if (kind === 'end') ended = true;
      else entries.push({ kind, key: rest.subarray(HEAD_BYTES, keyEnd), value: rest.subarray(keyEnd, end) });
      rest = rest.subarray(end);
    }
    yield entries;
  }
  if (!ended || rest.length > 0) throw backupInvalid();
}

const NOTHING = new Uint8Array();

function headOf(kind: (typeof KINDS)[number], key: Uint8Array, value: Uint8Array): Uint8Array {
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head[0] = KINDS.indexOf(kind);
  head.writeUInt32BE(key.length, 1);
  head.writeUInt32BE(value.length, 5);
  return head;
}
