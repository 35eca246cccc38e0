import { timingSafeEqual, type KeyObject } from 'node:crypto';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { writeFileAtomic } from '../atomic-file.ts';
import { codeOf } from '../store-fault.ts';
import type { LogPlace } from './audit-record.ts';
import { macOf } from './authenticated.ts';

/** What a witness file tells: the last place of the log that it has seen, and whether something torn lies behind it. */
export interface WitnessReading {
  readonly place: LogPlace;
  readonly torn: boolean;
}

export const WITNESS_FILE = 'audit-witness';
const NUMBER_BYTES = 8;
const HASH_BYTES = 32;
const MAC_BYTES = 16;
const ENTRY_BYTES = NUMBER_BYTES + HASH_BYTES + MAC_BYTES;
const PRIVATE = 0o600;

/**
 * Beside the database and not in it: where the log stood at each acknowledgement. LevelDB forgets its newest records over
 * a flipped bit, head and all, and would not know of it.
 */
export class AuditWitness {
  readonly #path: string;
  readonly #key: KeyObject;
  #file: FileHandle;
  #size: number;
  /** Whether the file may be another one by now than the one that is open. */
  #isStale = false;

  private constructor(path: string, key: KeyObject, file: FileHandle, size: number) {
    this.#path = path;
    this.#key = key;
    this.#file = file;
    this.#size = size;
  }

  /** Begins a file with one place in it, instead of what is there. */
  static async begin(path: string, key: KeyObject, place: LogPlace): Promise<AuditWitness> {
    const bytes = entryOf(key, place);
    await writeFileAtomic(path, bytes, PRIVATE);
    return new AuditWitness(path, key, await open(path, 'r+'), bytes.length);
  }

  /** Adds a place; on disk when it returns. What a failed try left is written over by the next. */
  async add(place: LogPlace): Promise<void> {
    if (this.#isStale) {
      await this.restart(place);
      return;
    }
    const bytes = entryOf(this.#key, place);
    const { bytesWritten } = await this.#file.write(bytes, 0, bytes.length, this.#size);
    if (bytesWritten < bytes.length) throw new Error('The witness was not written whole.');
    await this.#file.datasync();
    this.#size += bytes.length;
  }

  /** Begins anew with one place: the file does not grow without end. */
  async restart(place: LogPlace): Promise<void> {
    const bytes = entryOf(this.#key, place);
    this.#isStale = true;
    await writeFileAtomic(this.#path, bytes, PRIVATE);
    const before = this.#file;
    this.#file = await open(this.#path, 'r+');
    this.#size = bytes.length;
    this.#isStale = false;
    await before.close();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/**
 * Reads a witness file. Undefined if there is none, or if it was changed anywhere but at its very end: only the last
 * place may be torn, by a crash while it was written.
 */
export async function readWitness(path: string, key: KeyObject): Promise<WitnessReading | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  const whole = Math.floor(bytes.length / ENTRY_BYTES);
  let [last, torn]: [LogPlace | undefined, boolean] = [undefined, bytes.length % ENTRY_BYTES !== 0];
  for (let at = 0; at < whole; at++) {
    const place = placeIn(key, bytes.subarray(at * ENTRY_BYTES, (at + 1) * ENTRY_BYTES));
    if (place === undefined) {
      if (at + 1 < whole || torn) return undefined;
      torn = true;
    } else if (last !== undefined && place.n <= last.n) {
      return undefined;
    } else {
      last = place;
    }
  }
  return last === undefined ? undefined : { place: last, torn };
}

function entryOf(key: KeyObject, { n, hash }: LogPlace): Buffer {
  const said = Buffer.alloc(NUMBER_BYTES + HASH_BYTES);
  said.writeBigUInt64BE(BigInt(n));
  said.write(hash, NUMBER_BYTES, 'base64url');
  return Buffer.concat([said, macOf(key, 'witness', said).subarray(0, MAC_BYTES)]);
}

function placeIn(key: KeyObject, entry: Buffer): LogPlace | undefined {
  const said = entry.subarray(0, NUMBER_BYTES + HASH_BYTES);
  const mac = macOf(key, 'witness', said).subarray(0, MAC_BYTES);
  if (!timingSafeEqual(mac, entry.subarray(NUMBER_BYTES + HASH_BYTES))) return undefined;
  return { n: Number(said.readBigUInt64BE()), hash: said.subarray(NUMBER_BYTES).toString('base64url') };
}
