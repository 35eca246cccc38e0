import { inflateRaw } from '../../credential/deflate.ts';
import { importEs256Key } from '../../credential/es256-web.ts';
import { FormatError } from '../../credential/errors.ts';
import { parseCompactJws } from '../../credential/jws.ts';
import { joinChunks } from '../../credential/shc-uri.ts';
import { conclude } from '../pipeline/conclude.ts';
import type { Decision, FailureCode } from '../pipeline/decision.ts';
import { readBytes, readCodes, readText } from '../pipeline/input.ts';
import type { Piece } from '../pipeline/input.ts';
import { TrustError } from '../pipeline/trust-error.ts';
import { verifyPieces } from '../pipeline/verify-pieces.ts';
import type { NoTrust } from '../pipeline/verify.ts';
import { SPECIMEN_KIDS } from './parts/specimen.ts';
import { openAnswers, raisedFloor } from './parts/trust/held-trust.ts';
import type { HeldTrust } from './parts/trust/held-trust.ts';
import type { TrustDatabase } from './parts/trust/trust-database.ts';
import { askVenue, VenueError } from './parts/trust/venue-answers.ts';
import type { Get, KnownLog, VenueAnswers } from './parts/trust/venue-answers.ts';
import { standingOf } from './parts/trust/standing.ts';
import type { Standing } from './parts/trust/standing.ts';

/** What was scanned, typed, pasted or dropped; or why it could not be read. Pictures are read before. */
export type Shown =
  | { readonly codes: readonly string[] }
  | { readonly text: string }
  | { readonly bytes: Uint8Array }
  | { readonly code: FailureCode };

/** What whoever scans has chosen. */
export interface Chosen {
  readonly rules: string;
  /** When the event begins, Unix seconds, for rules that count back from it. */
  readonly event: number | undefined;
}

/** A decision, and whether the card is there to practise with only. */
export interface Verdict {
  readonly decision: Decision;
  readonly specimen: boolean;
}

/** Decides in this page about what is shown, by what the node told. */
export interface VenueVerifier {
  readonly decide: (shown: Shown, chosen: Chosen) => Promise<readonly Verdict[]>;
  /** Ask the node for newer knowledge; how it went stands in the answer. */
  readonly refresh: () => Promise<Standing>;
  readonly standing: () => Standing;
}

/** What the platform does for the verifier. */
export interface VerifierPorts {
  readonly database: TrustDatabase;
  readonly get: Get;
  /** Unix seconds. */
  readonly now: () => number;
}

/** Open what was kept from the last time, if it holds. */
export async function openVerifier({ database, get, now }: VerifierPorts): Promise<VenueVerifier> {
  let held: HeldTrust | NoTrust = await openKept(database);
  let contact: Standing['contact'] = null;

  const standing = (): Standing => standingOf(held, contact, now());
  const take = async (): Promise<string | null> => {
    const before = typeof held === 'string' ? undefined : held;
    const answers = await ask(get, now, knownLog(before));
    if (answers === undefined || typeof answers === 'string') return answers ?? 'TRUST_MISSING';
    try {
      const next = await openAnswers(answers, importEs256Key, before);
      await database.put(answers, (floor) => raisedFloor(next, floor, now()));
      held = next;
      return null;
    } catch (error) {
      // What could not be kept is not decided by: the floor under it would be gone at the next start.
      return error instanceof TrustError ? error.code : 'NOT_KEPT';
    }
  };
  let taking: Promise<string | null> | undefined;

  return {
    standing,
    refresh: async () => {
      taking ??= take();
      const fault = await taking;
      taking = undefined;
      contact = { at: now(), fault };
      return standing();
    },
    decide: async (shown, { rules: asked, event }) => {
      const { trust, answers } = typeof held === 'string' ? { trust: held, answers: undefined } : held;
      const { rules = 'none', allowUnanchored = false, policy } = answers?.terms ?? {};
      // What the operator holds cards against is no scanner's to replace.
      const terms = { now: now(), event, rules: rules === 'none' ? asked : rules, allowUnanchored, policy };
      const verdicts: Verdict[] = [];
      for (const group of groupsOf(await read(shown))) {
        const pieces = group.map((piece) => ({ source: '', piece }));
        const specimen = isSpecimen(group);
        for (const decision of await verifyPieces(pieces, trust, terms, PORTS)) {
          verdicts.push({ decision: nobodysForgery(group, decision), specimen });
        }
      }
      return verdicts;
    },
  };
}

const PORTS = { inflate: inflateRaw, importKey: importEs256Key };

async function ask(
  get: Get,
  now: () => number,
  known: KnownLog | undefined,
): Promise<VenueAnswers | undefined | 'VENUE_ANSWER' | 'OFFLINE'> {
  try {
    return await askVenue(get, now, known);
  } catch (error) {
    return error instanceof VenueError ? 'VENUE_ANSWER' : 'OFFLINE';
  }
}

function knownLog(held: HeldTrust | undefined): KnownLog | undefined {
  const source = held?.trust.document.source;
  const log = held?.answers.log ?? null;
  return source?.kind === 'chain' && log !== null ? { head: source.head, log } : undefined;
}

async function openKept(database: TrustDatabase): Promise<HeldTrust | NoTrust> {
  try {
    const answers = await database.answers();
    return answers === undefined ? 'missing' : await openAnswers(answers, importEs256Key);
  } catch {
    return 'invalid';
  }
}

async function read(shown: Shown): Promise<readonly Piece[]> {
  if ('code' in shown) return [shown];
  if ('codes' in shown) return readCodes(shown.codes);
  return 'text' in shown ? readText(shown.text) : readBytes(shown.bytes, noPicture);
}

async function noPicture(): Promise<never> {
  return Promise.reject(new FormatError('UNSUPPORTED_FORMAT', 'Pictures are read by another worker.'));
}

/** Each credential by itself, chunks that follow each other together. */
function groupsOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const groups: Piece[][] = [];
  for (const piece of pieces) {
    const last = groups.at(-1);
    if ('chunk' in piece && last?.[0] !== undefined && 'chunk' in last[0]) last.push(piece);
    else groups.push([piece]);
  }
  return groups;
}

function isSpecimen(group: readonly Piece[]): boolean {
  try {
    const [first] = group;
    if (first === undefined || 'code' in first) return false;
    const text =
      'chunk' in first
        ? joinChunks(group.flatMap((piece) => ('chunk' in piece ? piece.chunk : [])))
        : first.text;
    return SPECIMEN_KIDS.has(parseCompactJws(text).header.kid);
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}

/** Parts of two guests' cards make a card that nobody signed: neither of them is called a forger for it. */
function nobodysForgery(group: readonly Piece[], decision: Decision): Decision {
  const isJoined = group.some((piece) => 'chunk' in piece);
  return isJoined && decision.checks.signature === 'failed'
    ? conclude({ codes: ['INCOMPLETE_QR'] })
    : decision;
}
