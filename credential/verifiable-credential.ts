import { dateTimeFromSeconds, secondsFromDateTime } from './date-time.ts';
import { didWebFromIss, issFromDidWeb } from './did-web.ts';
import { FormatError } from './errors.ts';
import {
  parseHealthCardSubject,
  parsePassSubject,
  passSubjectJson,
  PASS_TYPE,
  profileOf,
  VC_TYPE,
  type HealthCard,
  type Pass,
} from './health-card.ts';
import { indexFromRid, ridFromIndex } from './status-list.ts';

/** The base context of VCDM 2.0 (§4.3): the first of every VC. */
export const VC_CONTEXT = 'https://www.w3.org/ns/credentials/v2';
/** The base context of VCDM 1.1. */
export const LEGACY_VC_CONTEXT = 'https://www.w3.org/2018/credentials/v1';

/** Where a VC's bit stands (W3C Bitstring Status List §2.1). */
export interface StatusListEntry {
  readonly type: 'BitstringStatusListEntry';
  readonly statusPurpose: 'revocation';
  /** Decimal. */
  readonly statusListIndex: string;
  readonly statusListCredential: string;
}

/** A VCDM 2.0 credential, which is also the payload of its `vc+jwt` (VC-JOSE-COSE §3.1). */
export interface VcPayload {
  readonly '@context': readonly unknown[];
  readonly type: readonly string[];
  readonly issuer: string;
  readonly validFrom: string;
  readonly validUntil?: string;
  readonly credentialStatus?: StatusListEntry;
  readonly credentialSubject: Readonly<Record<string, unknown>>;
}

/** The payload of a VCDM 1.1 JWT (§6.3.1): registered claims, and the rest of the credential under `vc`. */
export interface LegacyVcPayload {
  readonly iss: string;
  readonly sub?: string;
  readonly nbf: number;
  readonly exp?: number;
  readonly vc: {
    readonly '@context': readonly unknown[];
    readonly type: readonly string[];
    readonly credentialSubject: Readonly<Record<string, unknown>>;
    readonly credentialStatus?: StatusListEntry;
  };
}

/** The issuer of a VC: its did:web, the base URL of its status lists, and the `kid` of the key whose list it uses. */
export interface VcIssuer {
  readonly did: string;
  readonly statusBase: string;
  readonly kid: string;
}

/** The URL of a key's status list, as the VCs of that key name it. */
export function statusListUrl({ statusBase, kid }: Pick<VcIssuer, 'statusBase' | 'kid'>): string {
  return `${statusBase}/status/${kid}`;
}

/**
 * The VC form of a card: the same statement, with the DID for the `iss` and the index for the `rid`.
 * @throws FormatError UNSUPPORTED_FORMAT if the card's `rid` is not an index of a status list, MALFORMED if the DID is
 * not that of its `iss`
 */
export function vcFromCard(card: HealthCard | Pass, issuer: VcIssuer): VcPayload {
  return {
    '@context': context(VC_CONTEXT),
    type: vcTypes(card),
    issuer: issuerDid(card, issuer),
    validFrom: dateTimeFromSeconds(card.nbf),
    ...(card.exp === undefined ? {} : { validUntil: dateTimeFromSeconds(card.exp) }),
    ...statusMember(card, issuer),
    credentialSubject: subjectJson(card),
  };
}

/**
 * The card whose VC form this is: the exact inverse of `vcFromCard`.
 * @throws FormatError
 */
export function cardFromVc(vc: VcPayload): HealthCard | Pass {
  const types = vc.type.filter((type) => type !== VC_TYPE);
  const iss = issFromDidWeb(vc.issuer);
  const nbf = secondsFromDateTime(vc.validFrom);
  const exp = vc.validUntil === undefined ? undefined : secondsFromDateTime(vc.validUntil);
  const entry = vc.credentialStatus;
  const rid = entry === undefined ? undefined : ridFromIndex(parseStatusListIndex(entry.statusListIndex));
  if (profileOf(types) === 'pass-plus') {
    return {
      profile: 'pass-plus',
      iss,
      nbf,
      exp,
      rid,
      types,
      ...parseHealthCardSubject(vc.credentialSubject),
    };
  }
  if (exp === undefined || rid === undefined) {
    throw new FormatError('MALFORMED', 'A pass has an end and a place in a status list.');
  }
  return { profile: 'pass', iss, nbf, exp, rid, ...parsePassSubject(vc.credentialSubject) };
}

/**
 * The payload of the card's VCDM 1.1 JWT, for wallets that know no VCDM 2.0.
 *
 * Fractions of a second are dropped: the libraries of that form refuse them.
 * @throws FormatError as `vcFromCard`
 */
export function legacyVcFromCard(card: HealthCard | Pass, issuer: VcIssuer): LegacyVcPayload {
  const { id, ...credentialSubject } = subjectJson(card);
  return {
    iss: issuerDid(card, issuer),
    // VCDM 1.1 §6.3.1: the subject's id travels as `sub`.
    ...(typeof id === 'string' ? { sub: id } : {}),
    nbf: Math.floor(card.nbf),
    ...(card.exp === undefined ? {} : { exp: Math.floor(card.exp) }),
    vc: {
      '@context': context(LEGACY_VC_CONTEXT),
      type: vcTypes(card),
      ...statusMember(card, issuer),
      credentialSubject,
    },
  };
}

/**
 * Reads a `statusListIndex`: a decimal text without leading zeros, below 2³².
 * @throws FormatError MALFORMED
 */
export function parseStatusListIndex(json: unknown): number {
  const index = typeof json === 'string' && /^(?:0|[1-9]\d{0,9})$/.test(json) ? Number(json) : Number.NaN;
  if (!(index < 2 ** 32)) throw new FormatError('MALFORMED', 'The index in the status list is not one.');
  return index;
}

/** A new array each time: the libraries that sign VCs write into the contexts they are given. */
function context(base: string): unknown[] {
  // SMART Health Cards, "Modeling W3C Verifiable Credentials in Health Cards": the bundle is JSON, not JSON-LD.
  const vocabulary = 'https://smarthealth.cards#';
  return [base, { '@vocab': vocabulary, fhirBundle: { '@id': `${vocabulary}fhirBundle`, '@type': '@json' } }];
}

function vcTypes(card: HealthCard | Pass): string[] {
  return [VC_TYPE, ...(card.profile === 'pass' ? [PASS_TYPE] : card.types)];
}

function subjectJson(card: HealthCard | Pass): Record<string, unknown> {
  if (card.profile === 'pass') return passSubjectJson(card);
  return { fhirVersion: card.fhirVersion, fhirBundle: card.fhirBundle };
}

function issuerDid(card: HealthCard | Pass, { did }: VcIssuer): string {
  if (didWebFromIss(card.iss) !== did) {
    throw new FormatError('MALFORMED', 'The DID is not that of the issuer of the card.');
  }
  return did;
}

function statusMember(
  { rid }: HealthCard | Pass,
  { statusBase, kid }: VcIssuer,
): Pick<VcPayload, 'credentialStatus'> {
  if (rid === undefined) return {};
  const index = indexFromRid(rid);
  if (index === undefined) {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The rid of the card is not an index of a status list.');
  }
  return {
    credentialStatus: {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: String(index),
      statusListCredential: statusListUrl({ statusBase, kid }),
    },
  };
}
