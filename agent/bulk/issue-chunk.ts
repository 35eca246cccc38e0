import { sign, type KeyObject } from 'node:crypto';
import { deflateRawNode } from '../../credential/deflate-node.ts';
import { BundleError, FormatError } from '../../credential/errors.ts';
import { minimiseBundle, parseBundle } from '../../credential/fhir-bundle.ts';
import { encodeCardPayload } from '../../credential/health-card.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { encodeCompactJws, encodeSigningInput } from '../../credential/jws.ts';
import { MAX_QR_JWS } from '../../credential/qr.ts';
import type { CardScheme } from '../../credential/shc-uri.ts';
import { ridFromIndex } from '../../credential/status-list.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import type { TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import type { BlockRow } from '../card-blocks.ts';
import { keptOf, NotQualified, productDraft, type Kept } from '../card-issuance.ts';
import { countingPolicy, type CountingPolicy, type IssuancePolicy } from '../issuance-policy.ts';
import { assertCardAccepted, type AsVenue } from '../issued-card.ts';
import { IssuerError } from '../issuer-error.ts';
import type { IssuerIdentity } from '../issuer-identity.ts';
import { ownTrust } from '../own-trust.ts';
import { NotPlausible } from '../plausibility.ts';
import { PRODUCTS, type ProductName } from '../products.ts';
import { assertFits, assertSignable } from '../signable.ts';
import { taggerOf, type Tagger, type TagKeys } from '../tagger.ts';
import type { SignAll } from './asked-signatures.ts';
import { MAX_LINE_BYTES } from './input-lines.ts';

/** What a thread that issues is told once. Keys pass from thread to thread as what they are, and never as bytes. */
export interface ChunkTerms {
  readonly identity: IssuerIdentity;
  readonly product: ProductName;
  readonly policy: IssuancePolicy;
  readonly kid: string;
  /** Undefined for a key that never leaves its token: signatures are asked for. */
  readonly privateKey: KeyObject | undefined;
  readonly tagKeys: TagKeys;
}

/** What a venue could know of the key, and a number that is another whenever that is: the list may grow on the way. */
export interface ChunkTrust {
  readonly version: number;
  readonly document: TrustDocument;
}

/** A chunk of the input, and the indices taken for it: one a line. */
export interface ChunkTask {
  readonly firstLine: number;
  readonly lines: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly indices: Uint32Array;
  /** The moment of issuance, whole seconds. */
  readonly nbf: number;
  readonly trust: ChunkTrust;
}

/** What became of the lines of a chunk. */
export interface IssuedChunk {
  /** Lines of NDJSON, a card each: `line`, `id`, `jws`. */
  readonly cards: Uint8Array<ArrayBuffer>;
  /** Lines of NDJSON, a refused line each: `line`, `reason`. Nothing of the person. */
  readonly refused: Uint8Array<ArrayBuffer>;
  readonly rows: readonly BlockRow[];
  /** Refused lines by reason. */
  readonly reasons: Readonly<Record<string, number>>;
  /** Cards that are too long for one QR code. */
  readonly withoutQr: number;
}

/** Issues the cards of a chunk. Rejects with IssuerError NOT_VERIFIED if a venue would not accept what was signed. */
export type IssueChunk = (task: ChunkTask) => Promise<IssuedChunk>;

const LINE_FEED = 0x0a;
/** Lots that are tagged once; a vaccine has thousands, and a bulk names few of them. */
const MAX_LOTS = 4096;

/** Makes what issues chunks by those terms, in whichever thread; `asked` signs what a key that is not here has to. */
export function chunkIssuer(terms: ChunkTerms): (task: ChunkTask, asked?: SignAll) => Promise<IssuedChunk> {
  const { product, kid } = terms;
  const scheme = PRODUCTS[product].profile === 'pass' ? 'pratique' : 'shc';
  const maker = cardMaker(terms, scheme);
  const trustIn = newestTrust();
  return async ({ firstLine, lines, bytes, indices, nbf, trust: told }, asked = maker.signAll) => {
    const venue = { trust: trustIn(told), at: nbf };
    let [cards, refused, withoutQr] = ['', '', 0];
    const drafts: { readonly line: number; readonly index: number; readonly kept: Kept }[] = [];
    const payloads: Uint8Array[] = [];
    const rows: BlockRow[] = [];
    const reasons: Record<string, number> = {};
    let at = 0;
    for (let place = 0; place < lines; place++) {
      const found = bytes.indexOf(LINE_FEED, at);
      const end = found === -1 ? bytes.length : found;
      const line = firstLine + place;
      const index = indices[place] ?? 0;
      const made = maker.draft(at === bytes.length ? undefined : bytes.subarray(at, end), nbf, index);
      at = Math.min(end + 1, bytes.length);
      if ('reason' in made) {
        reasons[made.reason] = (reasons[made.reason] ?? 0) + 1;
        refused += `{"line":${line},"reason":"${made.reason}"}\n`;
        continue;
      }
      drafts.push({ line, index, kept: made.kept });
      payloads.push(made.payload);
    }
    const signed = await maker.sign(payloads, asked, venue);
    for (const [place, { line, index, kept }] of drafts.entries()) {
      const { jws = '', payloadHash = '' } = signed[place] ?? {};
      if (jws.length > MAX_QR_JWS[scheme]) withoutQr++;
      rows.push([index, payloadHash, kept.person, kept.lots]);
      cards += `{"line":${line},"id":"${kid}.${ridFromIndex(index)}","jws":"${jws}"}\n`;
    }
    rows.sort(([a], [b]) => a - b);
    return { cards: utf8(cards), refused: utf8(refused), rows, reasons, withoutQr };
  };
}

/** What would become of the lines of a chunk: the tags of those who would get a card, and refused lines by reason. */
export interface CheckedChunk {
  readonly persons: readonly string[];
  readonly reasons: Readonly<Record<string, number>>;
}

/** Makes what looks at chunks and signs nothing, in whichever thread. `now` in Unix seconds. */
export function chunkChecker(
  terms: ChunkTerms,
): (bytes: Uint8Array, lines: number, now: number) => CheckedChunk {
  const maker = cardMaker(terms, 'shc');
  return (bytes, lines, now) => {
    const persons: string[] = [];
    const reasons: Record<string, number> = {};
    let at = 0;
    for (let place = 0; place < lines; place++) {
      const found = bytes.indexOf(LINE_FEED, at);
      const end = found === -1 ? bytes.length : found;
      const made = maker.draft(at === bytes.length ? undefined : bytes.subarray(at, end), now, 0);
      at = Math.min(end + 1, bytes.length);
      if ('reason' in made) reasons[made.reason] = (reasons[made.reason] ?? 0) + 1;
      else persons.push(made.kept.person);
    }
    return { persons, reasons };
  };
}

type Made = { readonly payload: Uint8Array; readonly kept: Kept } | { readonly reason: string };

interface CardMaker {
  /** The payload of a card that may be signed, or why there is none; undefined is a line that was too long to be kept. */
  readonly draft: (line: Uint8Array | undefined, nbf: number, index: number) => Made;
  /** IssuerError NOT_VERIFIED; as the signer. */
  readonly sign: (
    payloads: readonly Uint8Array[],
    signAll: SignAll,
    venue: AsVenue,
  ) => Promise<readonly SignedCard[]>;
  /** Signs with the key that is here. */
  readonly signAll: SignAll;
}

interface SignedCard {
  readonly jws: string;
  readonly payloadHash: string;
}

/** Makes trust data ready once for all chunks that are told the same. */
function newestTrust(): (told: ChunkTrust) => Trust {
  let made: { readonly version: number; readonly trust: Trust } | undefined;
  return ({ version, document }) => {
    if (made?.version !== version) made = { version, trust: ownTrust(document) };
    return made.trust;
  };
}

function cardMaker(
  { identity, product, policy: said, kid, privateKey, tagKeys }: ChunkTerms,
  scheme: CardScheme,
): CardMaker {
  const policy: CountingPolicy = countingPolicy(said);
  const tagger = rememberingLots(taggerOf(tagKeys));
  return {
    draft(line, nbf, index) {
      if (line === undefined || line.length > MAX_LINE_BYTES) return { reason: 'TOO_LARGE' };
      try {
        const whole = minimiseBundle(parseBundle(parseJson(decodeUtf8(line))));
        assertSignable(whole, nbf);
        const draft = productDraft({ identity }, product, whole, { policy, now: nbf });
        const payload = encodeCardPayload(draft(nbf, ridFromIndex(index)));
        assertFits(payload);
        return { payload, kept: keptOf({ tagger }, whole) };
      } catch (error) {
        return { reason: reasonOf(error) };
      }
    },
    async sign(payloads, signAll, venue) {
      const inputs = payloads.map((payload) =>
        encodeSigningInput({ alg: 'ES256', zip: 'DEF', kid }, deflateRawNode(payload)),
      );
      const signatures = await signAll(inputs);
      const signed: SignedCard[] = [];
      for (const [place, payload] of payloads.entries()) {
        const jws = encodeCompactJws(inputs[place] ?? '', signatures[place] ?? Buffer.of());
        await assertCardAccepted(jws, { scheme, payload }, venue);
        signed.push({ jws, payloadHash: tagger.payloadHash(payload) });
      }
      return signed;
    },
    async signAll(inputs) {
      if (privateKey === undefined) throw new IssuerError('KEY_UNKNOWN', 'The key is not in this thread.');
      const signer = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
      return inputs.map((input) => sign('sha256', Buffer.from(input, 'latin1'), signer));
    },
  };
}

/** The closed codes of whatever refuses a record; a fault of ours that one record brings out is that line's alone. */
function reasonOf(error: unknown): string {
  if (error instanceof NotPlausible) return error.reason;
  if (error instanceof NotQualified) return String(error.details['reason']);
  const known = error instanceof BundleError || error instanceof FormatError || error instanceof IssuerError;
  return known ? error.code : 'INTERNAL';
}

function rememberingLots({ tag, payloadHash }: Tagger): Tagger {
  const known = new Map<string, string>();
  return {
    payloadHash,
    tag(purpose, text) {
      if (purpose !== 'lot') return tag(purpose, text);
      const made = known.get(text) ?? tag(purpose, text);
      if (known.size >= MAX_LOTS) known.clear();
      known.set(text, made);
      return made;
    },
  };
}

function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
