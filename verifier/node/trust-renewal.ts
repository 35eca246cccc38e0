import { setTimeout as wait } from 'node:timers/promises';
import { RegistryError } from '../../contracts/registry-error.ts';
import type { StatusData } from '../pipeline/trust-document.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import type { QuorumPolicy } from './chain-quorum.ts';
import type { ListSync } from './list-sync.ts';
import type { LogSource } from './log-search.ts';
import { holdRuleFiles } from './published-files.ts';
import type { RuleSync } from './rule-sync.ts';
import { syncTrust } from './sync.ts';
import type { ChainReader } from './sync.ts';
import type { TrustStore } from './trust-store.ts';

/** The registry to sync with. */
export interface RegistrySource {
  /** 0x-prefixed. */
  readonly address: string;
  readonly chain: QuorumPolicy;
  readonly logs?: readonly LogSource[] | undefined;
  /** Seconds that the final block may be old: a chain that stopped, or is shown as it was, then renews nothing. */
  readonly maxBlockAge?: number | undefined;
}

/** What one renewal needs. */
export interface Renewal {
  readonly store: TrustStore;
  readonly registry: RegistrySource;
  readonly lists: ListSync;
  readonly rules: RuleSync;
  /** Told as soon as the store holds something newer. */
  readonly renewed: () => void;
  /** Unix seconds. */
  readonly now: number;
  /** Ask also for lists that failed a moment ago. */
  readonly all: boolean;
  readonly signal: AbortSignal;
  /** How the chain is read; replaced in tests only. */
  readonly reader?: ChainReader | undefined;
}

/** Codes of what is no error of the registry or of trust data; a closed list. */
type OtherCode = 'STORE_FAILED' | 'INTERNAL';

/** A registry's lists come within a second or two: one write for many. */
const GATHER_MS = 200;

/**
 * Bring a store up to the registry, then fetch the lists that the anchors ask for, and the rules that are published. Whatever fails, the store stays as it
 * was, and the rest is tried all the same.
 *
 * @returns the code of what ended it; null if nothing did
 */
export async function renewTrust(renewal: Renewal): Promise<string | null> {
  const ofChain = await codeOf(syncChain(renewal));
  // An issuer may be there though the chain is not.
  const ofFiles = await codeOf(fetchFiles(renewal));
  return ofChain ?? ofFiles;
}

async function syncChain({ store, registry, renewed, now, reader }: Renewal): Promise<void> {
  const { address, chain, logs, maxBlockAge } = registry;
  await syncTrust({ chain, registry: address, store, lists: [], logs, now, maxBlockAge }, reader);
  renewed();
}

async function fetchFiles({ store, lists, rules, renewed, now, all, signal }: Renewal): Promise<void> {
  const document = store.document();
  if (document === undefined || store.held() === undefined) return;
  let found: Found = { lists: [], texts: [] };
  let writing: Promise<void> | undefined;
  let failure: unknown;
  const write = async (): Promise<void> => {
    while (found.lists.length + found.texts.length > 0 && failure === undefined) {
      // An issuer that is slow keeps nobody else's list waiting for longer than this.
      await wait(GATHER_MS);
      const next = found;
      found = { lists: [], texts: [] };
      try {
        await putFound(store, next, now);
        renewed();
      } catch (error) {
        failure = error;
      }
    }
    writing = undefined;
  };
  const hold = (): void => void (writing ??= write());
  const holdList = (list: StatusData): void => {
    found.lists.push(list);
    hold();
  };
  const holdText = (text: string): void => {
    found.texts.push(text);
    hold();
  };
  const terms = { now, all, signal };
  await Promise.all([lists.round(document, holdList, terms), rules.round(document, holdText, terms)]);
  await writing;
  if (failure !== undefined) throw failure as Error;
}

/** What came since the last write: lists, and texts of rule sets and value sets. */
interface Found {
  readonly lists: StatusData[];
  readonly texts: string[];
}

/** In the order of the keys and of the registry, as a sync leaves them, so that what is held does not tell when it came. */
async function putFound(store: TrustStore, found: Found, now: number): Promise<void> {
  const [state, document] = [store.held(), store.document()];
  if (state === undefined || document === undefined) return;
  const byName = new Map([...state.lists, ...found.lists].map((list) => [nameOf(list), list]));
  const files = { sources: [], texts: [...state.ruleFiles, ...found.texts] };
  await store.put({
    ...state,
    lists: document.keys.flatMap((key) => byName.get(nameOf(key)) ?? []),
    ruleFiles: holdRuleFiles(document.rules, files, now).texts,
  });
}

function nameOf({ issuer, kid }: { readonly issuer: number; readonly kid: string }): string {
  return `${issuer}/${kid}`;
}

/** The code of what ended a task; null if nothing did. */
export async function codeOf(task: Promise<unknown>): Promise<string | null> {
  try {
    await task;
    return null;
  } catch (error) {
    if (error instanceof TrustError || error instanceof RegistryError) return error.code;
    return otherCodeOf(error);
  }
}

/** Disks and databases say what went wrong by codes of their own, and by sentences that name paths. */
function otherCodeOf(error: unknown): OtherCode {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && /^(?:LEVEL_|E[A-Z]+$)/.test(code) ? 'STORE_FAILED' : 'INTERNAL';
}
