import { isJsonObject } from '../../../../credential/json.ts';
import {
  flag,
  list,
  objectOf,
  oneOf,
  orNull,
  ShapeError,
  text,
  whole,
} from '../../../../credential/strict-reader.ts';
import type { Profile } from '../../../../credential/health-card.ts';
import type { RawLog } from '../../../pipeline/registry-log.ts';
import type { VenuePolicy } from '../../../pipeline/venue-policy.ts';

/** What the node tells that this page decides by: kept as it came, opened anew whenever the page starts. */
export interface VenueAnswers {
  /** The trust data: a JWS by the node's exporter key. */
  readonly bundle: string;
  /** The registry's log; null where the node itself has another's bundle only. */
  readonly log: readonly RawLog[] | null;
  /** Whether the node holds it to be tied to a chain. */
  readonly anchored: boolean;
  readonly terms: VenueTerms;
  /** Revocation lists of all keys, and those that are as their issuers anchored them. */
  readonly lists: { readonly all: number; readonly current: number };
  /** When the node was asked, Unix seconds of this device. */
  readonly askedAt: number;
  /** This device's clock less the node's, seconds. */
  readonly clockAhead: number;
}

/** What a venue holds cards to. */
export interface VenueTerms {
  /** `none` where whoever scans may choose. */
  readonly rules: string;
  readonly allowUnanchored: boolean;
  readonly policy: VenuePolicy | undefined;
  /** Texts of rules that came with the node; only those that are published count. */
  readonly ruleFiles: readonly string[];
  /** What the venue asks holders for; null of one that asks nobody, and in what was kept before there was any. */
  readonly asks?: VenueAsks | null;
  /** Ids of set-up codes that count no more; missing in what was kept before there were any. */
  readonly withdrawnSetups?: readonly string[];
}

/** What a venue asks holders for. */
export interface VenueAsks {
  /** In its operator's words. */
  readonly purpose: string;
  readonly profiles: readonly Profile[];
}

/** A log that leads to that head. */
export interface KnownLog {
  readonly head: string;
  readonly log: readonly RawLog[];
}

/** Gets an address of the node; rejects if it does not answer. */
export type Get = (path: string) => Promise<Response>;

/** The node was reached and has nothing to give yet, or gives what is no answer. */
export class VenueError extends Error {
  override readonly name = 'VenueError';
}

/**
 * Ask the node for everything that this page decides by; undefined if the node holds nothing yet.
 *
 * @param known a log that is held here, and the head that it leads to: it is not asked for again
 * @throws VenueError if an answer is none; the error of `get`
 */
export async function askVenue(
  get: Get,
  now: () => number,
  known?: KnownLog,
): Promise<VenueAnswers | undefined> {
  const report = objectOf(await json(get, '/trust'));
  if (report['state'] !== 'held') return undefined;
  const venue = objectOf(await json(get, '/venue'));
  const askedAt = now();
  try {
    return {
      bundle: await bundleText(get),
      log: isKnown(report['source'], known) ? known.log : await logOf(get),
      anchored: flag(report['anchored']),
      terms: termsOf(venue),
      lists: listsOf(report['lists']),
      askedAt,
      clockAhead: askedAt - numberOf(venue['now']),
    };
  } catch (error) {
    if (error instanceof ShapeError) throw new VenueError(`The node answered with ${error.message}.`);
    throw error;
  }
}

function isKnown(source: unknown, known: KnownLog | undefined): known is KnownLog {
  return known !== undefined && isJsonObject(source) && source['head'] === known.head;
}

async function json(get: Get, path: string): Promise<unknown> {
  const response = await get(path);
  if (!response.ok) throw new VenueError(`${path}: ${response.status}`);
  return response.json();
}

async function bundleText(get: Get): Promise<string> {
  const response = await get('/trust/bundle');
  if (!response.ok) throw new VenueError(`/trust/bundle: ${response.status}`);
  return response.text();
}

async function logOf(get: Get): Promise<readonly RawLog[] | null> {
  const response = await get('/trust/log');
  if (response.status === 404) return null;
  if (!response.ok) throw new VenueError(`/trust/log: ${response.status}`);
  return list(rawLog)(objectOf(await response.json())['logs']);
}

function rawLog(value: unknown): RawLog {
  const { topics, data } = objectOf(value);
  return { topics: list(text(/^0x/, 66))(topics), data: text(/^0x/, 1_000_000)(data) };
}

function termsOf(venue: Record<string, unknown>): VenueTerms {
  const { rules, allowUnanchored, policy, ruleFiles, asks, withdrawnSetups } = venue;
  return {
    rules: text(/^[^]+$/, 200)(rules),
    allowUnanchored: flag(allowUnanchored),
    // The node read it from its own file, whole or not at all.
    policy: (orNull(objectOf)(policy) as VenuePolicy | null) ?? undefined,
    ruleFiles: list(text(/^/, 1_048_576))(ruleFiles),
    asks: orNull(asksOf)(asks ?? null),
    withdrawnSetups: list(text(/^/, 16))(withdrawnSetups ?? []),
  };
}

function asksOf(value: unknown): VenueAsks {
  const { purpose, profiles } = objectOf(value);
  return {
    purpose: text(/\S/, 140)(purpose),
    profiles: list(oneOf('pass', 'pass-plus'), 1)(profiles),
  };
}

function listsOf(value: unknown): VenueAnswers['lists'] {
  const states = list((one) => (isJsonObject(one) ? one['state'] : undefined))(value);
  return { all: states.length, current: states.filter((state) => state === 'current').length };
}

function numberOf(value: unknown): number {
  return whole(Math.floor(Number(value)));
}
