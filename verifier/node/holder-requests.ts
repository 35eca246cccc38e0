import { randomBytes } from 'node:crypto';
import {
  clientIdOf,
  encodeRequestUri,
  REQUEST_TYPE,
  requestPayload,
} from '../../credential/authorization-request.ts';
import { credentialQuery } from '../../credential/credential-query.ts';
import { didJwkFromKey, didJwkMethod } from '../../credential/did-jwk.ts';
import type { Profile } from '../../credential/health-card.ts';
import { encodeCompactJws, encodeSigningInput } from '../../credential/jws.ts';
import type { Decision } from '../pipeline/decision.ts';
import type { ExporterKey } from './exporter-key.ts';

/** How long a holder may think; a request is a QR code that anybody may have photographed. */
const REQUEST_SECONDS = 300;
/** Of a scanner that asks every second; the oldest give way. */
const MAX_OPEN = 1000;
/** 128 bits. */
const NONCE_BYTES = 16;

/** What a venue asks holders, and in whose name. */
export interface AskingOptions {
  readonly key: Pick<ExporterKey, 'x' | 'y' | 'sign'>;
  /** What it is for, in one line; the operator's words, never those of whoever makes a request. */
  readonly purpose: string;
  readonly profiles: readonly Profile[];
  /** Unix seconds. */
  readonly clock: () => number;
}

/** A request as its scanner gets it. */
export interface OpenedRequest {
  /** To ask for the answer with: not in the code, so that nobody who saw that learns who answered. */
  readonly id: string;
  /** The text of the QR code. */
  readonly request: string;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** What became of a request. */
export type RequestState = { readonly state: 'open' } | ({ readonly state: 'answered' } & TakenAnswer);

/** An answer that closed a request. */
export interface TakenAnswer {
  /** The `vp+jwt`: whoever asked judges it once more, by trust data of their own. */
  readonly presentation: string;
  readonly decisions: readonly Decision[];
}

/** What whoever makes a request may choose. */
export interface AskedTerms {
  readonly rules?: string | undefined;
  /** When the event begins, Unix seconds. */
  readonly event?: number | undefined;
}

/** The questions of one verifier to holders: each is answered once, by whoever signs for it in time. */
export interface HolderRequests {
  /** In whose name it asks: what its jurisdiction registers. */
  readonly did: string;
  /** What answers are for. */
  readonly clientId: string;
  readonly purpose: string;
  readonly profiles: readonly Profile[];
  /** What whoever made the request chose; undefined if there is none of that nonce, or it is over. */
  readonly termsOf: (nonce: string) => AskedTerms | undefined;
  readonly open: (asked: AskedTerms & { readonly responseUri: string }) => OpenedRequest;
  /** Take an answer, the first; false if there was one, or no such question, or too late. */
  readonly close: (nonce: string, answer: TakenAnswer) => boolean;
  /** Undefined if nobody asked, or it is over. */
  readonly stateOf: (id: string) => RequestState | undefined;
}

interface Held {
  readonly id: string;
  readonly nonce: string;
  readonly terms: AskedTerms;
  readonly expiresAt: number;
  readonly answer: TakenAnswer | undefined;
}

const utf8 = new TextEncoder();

/** Begin to ask, in memory: what was asked before a restart proves nothing any more. */
export function holderRequests({ key, purpose, profiles, clock }: AskingOptions): HolderRequests {
  const did = didJwkFromKey(key);
  // In the order of their making, which is that of their ends.
  const held = new Map<string, Held>();
  const idOf = new Map<string, string>();

  function forget({ id, nonce }: Held): void {
    held.delete(nonce);
    idOf.delete(id);
  }
  function sweep(now: number): void {
    for (const one of held.values()) {
      if (now <= one.expiresAt && held.size <= MAX_OPEN) return;
      forget(one);
    }
  }
  /** Within its time, both ways: a clock set back does not make an old question new. */
  function current(nonce: string): Held | undefined {
    const one = held.get(nonce);
    const left = one === undefined ? 0 : one.expiresAt - clock();
    return left > 0 && left <= REQUEST_SECONDS ? one : undefined;
  }

  return {
    did,
    clientId: clientIdOf(did),
    purpose,
    profiles,
    termsOf: (nonce) => current(nonce)?.terms,
    open: ({ responseUri, rules, event }) => {
      const now = Math.floor(clock());
      const [id, nonce] = [randomName(), randomName()];
      const exp = now + REQUEST_SECONDS;
      const query = credentialQuery(profiles);
      const payload = requestPayload({ did, nonce, iat: now, exp, purpose, responseUri, query });
      const header = { alg: 'ES256', typ: REQUEST_TYPE, kid: didJwkMethod(did) } as const;
      const input = encodeSigningInput(header, utf8.encode(JSON.stringify(payload)));
      const jwt = encodeCompactJws(input, key.sign(utf8.encode(input)));
      held.set(nonce, { id, nonce, terms: { rules, event }, expiresAt: exp, answer: undefined });
      idOf.set(id, nonce);
      sweep(now);
      // An answer names a person: a node that nobody asks anything any more forgets it all the same.
      setTimeout(() => sweep(clock()), (REQUEST_SECONDS + 1) * 1000).unref();
      return { id, request: encodeRequestUri(jwt, did), expiresAt: exp };
    },
    close: (nonce, answer) => {
      const one = current(nonce);
      if (one === undefined || one.answer !== undefined) return false;
      held.set(nonce, { ...one, answer });
      return true;
    },
    stateOf: (id) => {
      const one = current(idOf.get(id) ?? '');
      if (one === undefined) return undefined;
      return one.answer === undefined ? { state: 'open' } : { state: 'answered', ...one.answer };
    },
  };
}

function randomName(): string {
  return randomBytes(NONCE_BYTES).toString('base64url');
}
