import { secondsFromDateTime } from './date-time.ts';
import { issFromDidWeb } from './did-web.ts';
import { FormatError } from './errors.ts';
import type { FhirBundle } from './fhir-bundle.ts';
import {
  parseCardPayload,
  parseHealthCardSubject,
  parsePassSubject,
  parseSeconds,
  parseTypes,
  profileOf,
  VC_TYPE,
  type HealthCardSubject,
  type PassSubject,
  type PassType,
  type Profile,
} from './health-card.ts';
import { isJsonArray, isJsonObject } from './json.ts';
import { composeName, namedSubject, type Subject } from './subject.ts';
import { LEGACY_VC_CONTEXT, parseStatusListIndex, VC_CONTEXT } from './verifiable-credential.ts';

export type { Subject } from './subject.ts';

/** How a credential can be looked up among the revoked: by its rid, by its index in a named list, or not at all. */
export type CredentialStatus =
  | { readonly kind: 'rid'; readonly rid: string }
  | {
      readonly kind: 'index';
      readonly index: number;
      /** The URL of the status list; a name to compare, never an address to fetch. */
      readonly list: string;
    }
  | { readonly kind: 'none' };

/** What a decision rests on, the same for every form of a credential; times in seconds since 1970, possibly fractional. */
export interface Credential {
  readonly form: 'health-card' | 'pass' | 'vc+jwt' | 'vc-jwt';
  readonly profile: Profile;
  /** As the credential says; to be compared with whom the key is trusted for. */
  readonly issuer: { readonly iss: string } | { readonly did: string };
  readonly nbf: number;
  readonly exp: number | undefined;
  readonly status: CredentialStatus;
  /** Undefined unless the credential is about exactly one named person. */
  readonly subject: Subject | undefined;
  /** The id of the subject: the DID of the holder, if the credential is bound to one. */
  readonly holder: string | undefined;
  /** What a Pass says, and all that it says. */
  readonly passType: PassType | undefined;
  /** The record that a Pass Plus carries. */
  readonly bundle: FhirBundle | undefined;
}

/**
 * Reads the payload of a health card or of a pass.
 * @throws FormatError MALFORMED
 */
export function readCard(json: unknown): Credential {
  const card = parseCardPayload(json);
  const { profile, iss, nbf, exp, rid } = card;
  return {
    form: profile === 'pass' ? 'pass' : 'health-card',
    profile,
    issuer: { iss },
    nbf,
    exp,
    status: rid === undefined ? NO_STATUS : { kind: 'rid', rid },
    ...(card.profile === 'pass' ? passContent(card) : recordContent(card)),
  };
}

/**
 * Reads the payload of a `vc+jwt`: a VCDM 2.0 credential (VC-JOSE-COSE §3.1).
 *
 * Registered claims beside it are allowed and must say the same: two readers must not read two credentials.
 * @throws FormatError MALFORMED; UNSUPPORTED_FORMAT for an issuer of another DID method
 */
export function readVc(json: unknown): Credential {
  const vc = jsonObject(json);
  // VC-JOSE-COSE §3.1.1: these claims belong to VCDM 1.1 and must not be there.
  if (vc['vc'] !== undefined || vc['vp'] !== undefined) throw malformed('The credential holds another one.');
  // VCDM 1.1 dates: who reads those would read another validity.
  if (vc['issuanceDate'] !== undefined || vc['expirationDate'] !== undefined) {
    throw malformed('The credential gives its dates in two ways.');
  }
  const profile = vcProfile(vc, VC_CONTEXT);
  const did = issuerDid(vc['issuer']);
  const nbf = secondsFromDateTime(vc['validFrom']);
  const exp = vc['validUntil'] === undefined ? undefined : secondsFromDateTime(vc['validUntil']);
  const subject = jsonObject(vc['credentialSubject']);
  agree(vc['iss'], did);
  agree(vc['nbf'], nbf);
  agree(vc['exp'], exp);
  agree(vc['sub'], subject['id']);
  agree(vc['jti'], vc['id']);
  return vcView('vc+jwt', { profile, did, nbf, exp, status: parseStatus(vc['credentialStatus']), subject });
}

/**
 * Reads the payload of a VCDM 1.1 JWT (§6.3.1): the registered claims count, and what stands again under `vc` must say
 * the same.
 * @throws FormatError MALFORMED; UNSUPPORTED_FORMAT for an issuer of another DID method
 */
export function readLegacyVc(json: unknown): Credential {
  const claims = jsonObject(json);
  const vc = jsonObject(claims['vc']);
  if (claims['vp'] !== undefined) throw malformed('The credential is a presentation.');
  if (vc['validFrom'] !== undefined || vc['validUntil'] !== undefined) {
    throw malformed('The credential gives its dates in two ways.');
  }
  const profile = vcProfile(vc, LEGACY_VC_CONTEXT);
  const did = issuerDid(claims['iss']);
  const nbf = parseSeconds(claims['nbf']);
  const exp = claims['exp'] === undefined ? undefined : parseSeconds(claims['exp']);
  const { id = claims['sub'], ...rest } = jsonObject(vc['credentialSubject']);
  agree(claims['sub'], id);
  if (vc['issuer'] !== undefined) agree(issuerDid(vc['issuer']), did);
  if (vc['issuanceDate'] !== undefined) agree(secondsFromDateTime(vc['issuanceDate']), nbf);
  if (vc['expirationDate'] !== undefined) agree(secondsFromDateTime(vc['expirationDate']), exp);
  if (vc['id'] !== undefined) agree(claims['jti'], vc['id']);
  const subject = id === undefined ? rest : { ...rest, id };
  return vcView('vc-jwt', { profile, did, nbf, exp, status: parseStatus(vc['credentialStatus']), subject });
}

const NO_STATUS: CredentialStatus = { kind: 'none' };

/** What both VC forms come to, once read. */
interface VcContent {
  readonly profile: Profile;
  readonly did: string;
  readonly nbf: number;
  readonly exp: number | undefined;
  readonly status: CredentialStatus;
  readonly subject: Record<string, unknown>;
}

function vcView(form: 'vc+jwt' | 'vc-jwt', { did, subject, ...common }: VcContent): Credential {
  const { id: holder } = subject;
  if (holder !== undefined && typeof holder !== 'string') throw malformed('The id of the subject is none.');
  const view = { form, issuer: { did }, ...common };
  if (common.profile === 'pass-plus') {
    return { ...view, ...recordContent(parseHealthCardSubject(subject)), holder };
  }
  if (common.exp === undefined || common.status.kind === 'none') {
    throw malformed('A pass has an end and a place in a status list.');
  }
  return { ...view, ...passContent(parsePassSubject(subject)) };
}

type Content = Pick<Credential, 'subject' | 'holder' | 'passType' | 'bundle'>;

function passContent({ holder, name, birthDate, passType }: PassSubject): Content {
  const composed = composeName(name.given, name.family);
  const subject = composed === undefined ? undefined : { name: composed, birthDate };
  return { subject, holder, passType, bundle: undefined };
}

function recordContent({ fhirBundle }: HealthCardSubject): Content {
  return { subject: namedSubject(fhirBundle), holder: undefined, passType: undefined, bundle: fhirBundle };
}

/** The base context stands first (VCDM 2.0 §4.3): what follows may not redefine it. */
function vcProfile(vc: Record<string, unknown>, base: string): Profile {
  const contexts = vc['@context'];
  if (!isJsonArray(contexts) || contexts[0] !== base)
    throw malformed('The credential is of another data model.');
  const types = parseTypes(vc['type']);
  if (!types.includes(VC_TYPE)) throw malformed('The credential does not say that it is one.');
  return profileOf(types);
}

/** An issuer is a did:web, given as such or as an object with it as `id` (VCDM 2.0 §4.7). */
function issuerDid(json: unknown): string {
  const did = isJsonObject(json) ? json['id'] : json;
  if (typeof did !== 'string') throw malformed('The credential names no issuer.');
  issFromDidWeb(did);
  return did;
}

/**
 * The place in a Bitstring Status List (§2.1). Another status, several, or another purpose are refused rather than passed
 * over: what could not be checked must not pass as unrevoked.
 */
function parseStatus(json: unknown): CredentialStatus {
  if (json === undefined) return NO_STATUS;
  const entry = jsonObject(json);
  const list = entry['statusListCredential'];
  const size = entry['statusSize'];
  if (
    entry['type'] !== 'BitstringStatusListEntry' ||
    entry['statusPurpose'] !== 'revocation' ||
    (size !== undefined && size !== 1) ||
    typeof list !== 'string' ||
    !/^https?:\/\//.test(list)
  ) {
    throw malformed('The status of the credential is of a kind that is not read here.');
  }
  return { kind: 'index', index: parseStatusListIndex(entry['statusListIndex']), list };
}

/** A claim that stands twice must say the same both times. */
function agree(claim: unknown, said: unknown): void {
  if (claim !== undefined && claim !== said) throw malformed('The credential contradicts its own claims.');
}

function jsonObject(value: unknown): Record<string, unknown> {
  if (!isJsonObject(value)) throw malformed('A part of the credential is not a JSON object.');
  return value;
}

function malformed(message: string): FormatError {
  return new FormatError('MALFORMED', message);
}
