import { inflateRaw } from '../../credential/deflate.ts';
import { importEs256Key } from '../../credential/es256-web.ts';
import { FormatError } from '../../credential/errors.ts';
import { parseCompactJws } from '../../credential/jws.ts';
import { joinChunks } from '../../credential/shc-uri.ts';
import { MAX_CLOCK_LAG_SECONDS } from '../pipeline/checks.ts';
import type { Challenge, Terms } from '../pipeline/checks.ts';
import { conclude } from '../pipeline/conclude.ts';
import type { Decision, FailureCode } from '../pipeline/decision.ts';
import { verifyEvidence } from '../pipeline/presentation.ts';
import { readBytes, readCodes, readText } from '../pipeline/input.ts';
import type { Piece } from '../pipeline/input.ts';
import { checkSetup, mayTakeUp } from '../pipeline/setup-check.ts';
import type { CheckedSetup, KnownNode } from '../pipeline/setup-check.ts';
import type { Trust } from '../pipeline/trust.ts';
import { verifyPieces } from '../pipeline/verify-pieces.ts';
import type { NoTrust } from '../pipeline/verify.ts';
import type { AnswerFault } from './asking/answer-fault.ts';
import { SPECIMEN_KIDS } from './parts/specimen.ts';
import type { HeldTrust } from './parts/trust/held-trust.ts';
import type { Standing } from './parts/trust/standing.ts';
import { keepTrust } from './parts/trust/trust-keeper.ts';
import type { TrustPorts } from './parts/trust/trust-keeper.ts';

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
  /** Its holder proved to be that, by a wallet. */
  readonly byWallet?: boolean;
  /** Why it is no answer to what was asked. */
  readonly fault?: AnswerFault;
}

/** What is so of a set-up code now, and whether it is too late to take it up. */
export interface SetupAnswer extends CheckedSetup {
  readonly late: boolean;
}

/** Decides in this page about what is shown, by what the node told. */
export interface VenueVerifier {
  readonly decide: (shown: Shown, chosen: Chosen) => Promise<readonly Verdict[]>;
  /** Decide about what a holder presents, who was asked to sign that. */
  readonly present: (
    presentation: string,
    chosen: Chosen,
    challenge: Challenge,
  ) => Promise<readonly Decision[]>;
  /** Ask the node for newer knowledge; how it went stands in the answer. */
  readonly refresh: () => Promise<Standing>;
  readonly standing: () => Standing;
  /** Check set-up codes by what the node told. */
  readonly setups: (codes: readonly string[]) => Promise<readonly SetupAnswer[]>;
  /** Hold nothing any more, as if this page had never been here. */
  readonly forget: () => Promise<void>;
}

/** Open what was kept from the last time, if it holds. */
export async function openVerifier(ports: TrustPorts): Promise<VenueVerifier> {
  const { now } = ports;
  const { held, refresh, standing, forget } = await keepTrust(ports);
  const basis = ({ rules: asked, event }: Chosen): Basis => {
    const known = held();
    const { trust, answers } = typeof known === 'string' ? { trust: known, answers: undefined } : known;
    const { rules = 'none', allowUnanchored = false, policy } = answers?.terms ?? {};
    // What the operator holds cards against is no scanner's to replace.
    const terms = { now: now(), event, rules: rules === 'none' ? asked : rules, allowUnanchored, policy };
    return { trust, terms, ahead: answers?.clockAhead ?? 0 };
  };
  return {
    refresh,
    standing,
    forget,
    setups: async (codes) => {
      const trust = held();
      const known = typeof trust === 'string' ? undefined : knownNode(trust, standing);
      // A clock that was set back makes nothing young again that the trust data has outlived.
      const at = typeof trust === 'string' ? now() : Math.max(now(), trust.trust.document.takenAt);
      return Promise.all(
        codes.map(async (setup) => {
          const checked = await checkSetup(setup, known, at, importEs256Key);
          return { ...checked, late: checked.code !== null && !mayTakeUp(checked.code, at) };
        }),
      );
    },
    present: async (presentation, chosen, challenge) => {
      const { trust, terms, ahead } = basis(chosen);
      // A wallet's minute is counted by the node's clock, as far as the banner bears that both differ.
      const off = Math.max(-MAX_CLOCK_LAG_SECONDS, Math.min(ahead, MAX_CLOCK_LAG_SECONDS));
      const asked = { ...terms, now: terms.now - off, at: terms.now, challenge };
      return verifyEvidence({ text: presentation }, trust, asked, PORTS);
    },
    decide: async (shown, chosen) => {
      const { trust, terms } = basis(chosen);
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

/** What is decided by at a moment. */
interface Basis {
  readonly trust: Trust | NoTrust;
  readonly terms: Terms;
  /** This device's clock less the node's, seconds. */
  readonly ahead: number;
}

function knownNode({ answers, trust, exporter }: HeldTrust, standing: () => Standing): KnownNode {
  const { source } = trust.document;
  const { rules, withdrawnSetups: withdrawn = [] } = answers.terms;
  const fixedRules = rules === 'none' ? null : rules;
  return {
    exporter,
    registry: source.kind === 'chain' ? `${source.chainId}:${source.registry.toLowerCase()}` : null,
    fixedRules,
    withdrawn,
    ruleSets: fixedRules === null ? [] : standing().ruleSets.map(({ name }) => name),
  };
}

const PORTS = { inflate: inflateRaw, importKey: importEs256Key };

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
