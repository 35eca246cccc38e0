import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject } from '../../credential/json.ts';
import type { ChainSource } from '../pipeline/trust-document.ts';
import { replaceFile } from './atomic-file.ts';
import { unreadable } from './store-database.ts';
import { DIGEST_FILE } from './store-digest.ts';
import { DATABASE } from './store-records.ts';

/** How far a store had come, beside the database, so that a store read anew after damage never comes to rest below. */
const FLOOR_FILE = 'floor.json';

/** The newest state of the registry that a store has held. */
export interface Floor {
  readonly source: ChainSource;
  /** keccak256 of the registry's code; null if what was held came from a bundle, which does not say it. */
  readonly codeHash: string | null;
  /** The exporter that was pinned, if a bundle was held. */
  readonly exporter: string | null;
}

/** The floor of a store's folder; undefined before the first, and if the file is damaged: then nobody knows it. */
export async function readFloor(folder: string): Promise<Floor | undefined> {
  try {
    const json: unknown = JSON.parse(await readFile(join(folder, FLOOR_FILE), 'utf8'));
    if (!isJsonObject(json) || typeof json['floor'] !== 'string') return undefined;
    // A flipped digit would be a floor that no chain reaches.
    return json['sha256'] === digestOf(json['floor']) ? (JSON.parse(json['floor']) as Floor) : undefined;
  } catch {
    return undefined;
  }
}

/** Raise the floor, after what it speaks of is on disk: after a crash in between it is too low, never too high. */
export async function writeFloor(folder: string, { source, codeHash, exporter }: Floor): Promise<void> {
  const floor = JSON.stringify({ source, codeHash, exporter });
  await replaceFile(join(folder, FLOOR_FILE), JSON.stringify({ floor, sha256: digestOf(floor) }), 0o600);
}

/**
 * Set a damaged database aside, under a name of its own for whoever wants to know what happened to it.
 *
 * @returns the name of its new folder
 * @throws TrustError FILE_UNREADABLE
 */
export async function setDamagedAside(folder: string): Promise<string> {
  try {
    const names = new Set(await readdir(folder));
    let count = 1;
    while (names.has(`damaged-${count}`)) count += 1;
    const name = `damaged-${count}`;
    await rename(join(folder, DATABASE), join(folder, name));
    await rm(join(folder, DIGEST_FILE), { force: true });
    return name;
  } catch {
    throw unreadable();
  }
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
