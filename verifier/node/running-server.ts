import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FormatError } from '../../credential/errors.ts';
import { isJsonObject, parseJson } from '../../credential/json.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { replaceFile } from './atomic-file.ts';
import { openBundle } from './bundle.ts';
import { MAX_BUNDLE_BYTES } from '../pipeline/trust-bundle.ts';
import type { OpenedBundle } from '../pipeline/trust-bundle.ts';
import { fetchFile } from './fetch-file.ts';

/** In the folder of a trust store that a server holds: where it answers, for its owner's other commands. */
const FILE = 'server.json';
const TIMEOUT_MS = 10_000;

/** A server that holds a trust store. */
export interface RunningServer {
  /** Where it answers on this machine. */
  readonly url: string;
  /** Kid of the exporter whose word its bundles are; null if nobody chose to trust it. */
  readonly exporter: string | null;
}

/** A bundle that a server gave, opened. */
export type AskedBundle = OpenedBundle & { readonly text: string };

/** Say in the folder of the store who holds it; readable by its owner alone. */
export async function announceServer(folder: string, server: RunningServer): Promise<void> {
  await replaceFile(join(folder, FILE), JSON.stringify(server), 0o600);
}

/** Take the announcement back. */
export async function retractServer(folder: string): Promise<void> {
  await rm(join(folder, FILE), { force: true });
}

/**
 * What a store holds, asked of the server that holds it. The bundle's signature must be that of the announced exporter:
 * after a crash anybody may listen at the address.
 *
 * @throws TrustError STORE_LOCKED if no server answers for the store; BUNDLE_…, DOCUMENT_…
 */
export async function askServer(folder: string): Promise<AskedBundle | undefined> {
  const server = await readServer(folder);
  if (server === undefined) throw locked();
  const fetched = await fetchFile(new URL('/trust/bundle', server.url), {
    maxBytes: MAX_BUNDLE_BYTES,
    timeoutMs: TIMEOUT_MS,
  }).catch(() => 'refused' as const);
  if (fetched === 'absent') return undefined;
  if (typeof fetched === 'string') throw locked();
  const text = Buffer.from(fetched.bytes).toString('latin1');
  return { text, ...(await openBundle(text, { exporter: server.exporter ?? undefined })) };
}

async function readServer(folder: string): Promise<RunningServer | undefined> {
  try {
    const json = parseJson(await readFile(join(folder, FILE), 'utf8'));
    if (!isJsonObject(json)) return undefined;
    const { url, exporter } = json;
    if (typeof url !== 'string' || !(exporter === null || typeof exporter === 'string')) return undefined;
    return { url, exporter };
  } catch (error) {
    if (error instanceof FormatError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function locked(): TrustError {
  return new TrustError(
    'STORE_LOCKED',
    'Another process holds the trust store and does not answer for it. If a verifier runs on it, ask that: GET /trust; or stop it first.',
  );
}
