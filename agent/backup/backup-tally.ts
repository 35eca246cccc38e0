import type { ListState } from '../key-list.ts';
import type { SealedBox } from '../sealed-box.ts';
import { backupInvalid } from './backup-invalid.ts';
import type { BackupEntry } from './backup-entries.ts';

/** What is in a backup. */
export interface BackupSummary {
  /** When it was taken, Unix seconds. */
  readonly takenAt: number;
  /** Records of the store. */
  readonly records: number;
  /** Bytes of the file. */
  readonly bytes: number;
  /** Files beside the store. */
  readonly files: readonly string[];
  readonly keys: readonly {
    readonly kid: string;
    /** Indices given away, as `issuer show` counts them. */
    readonly issued: number;
    readonly revoked: number;
  }[];
}

/** Counts what passes by. */
export interface BackupTally {
  readonly count: (entry: BackupEntry) => void;
  readonly summary: () => Pick<BackupSummary, 'records' | 'files' | 'keys'>;
}

const LISTS = 'lists!';
const REVOCATIONS = 'revocations!';
/** Of bytes as the store marks them. */
const BYTES_MARK = 1;
const KID_CHARS = 43;

/** A tally of the entries of a backup, which opens each status list: what cannot be opened cannot be gone on with. */
export function backupTally(box: SealedBox): BackupTally {
  let records = 0;
  const files: string[] = [];
  const issued = new Map<string, number>();
  const revoked = new Map<string, number>();
  return {
    count({ kind, key, value }) {
      const name = Buffer.from(key.buffer, key.byteOffset, key.length).toString('utf8');
      if (kind === 'file') {
        files.push(name);
        return;
      }
      records++;
      if (name.startsWith(LISTS)) {
        const kid = name.slice(LISTS.length);
        issued.set(kid, nextOf(box, kid, value.subarray(BYTES_MARK)));
      } else if (name.startsWith(REVOCATIONS)) {
        const kid = name.slice(REVOCATIONS.length, REVOCATIONS.length + KID_CHARS);
        revoked.set(kid, (revoked.get(kid) ?? 0) + 1);
      }
    },
    summary: () => ({
      records,
      files,
      keys: Array.from(issued, ([kid, count]) => ({ kid, issued: count, revoked: revoked.get(kid) ?? 0 })),
    }),
  };
}

function nextOf(box: SealedBox, kid: string, sealed: Uint8Array): number {
  try {
    return (JSON.parse(box.open('lists', kid, sealed).toString('utf8')) as ListState).next;
  } catch (error) {
    throw backupInvalid(error);
  }
}
