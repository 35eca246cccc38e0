import { isCalendarDate, MAX_SECONDS } from './date-time.ts';
import { FormatError } from './errors.ts';
import { isFhirBundle, type FhirBundle } from './fhir-bundle.ts';
import { isJsonArray, isJsonObject } from './json.ts';
import { isWord } from './subject.ts';

/** The type that makes a payload a SMART Health Card. */
export const HEALTH_CARD_TYPE = 'https://smarthealth.cards#health-card';
/** The type of our minimal pass. */
export const PASS_TYPE = 'urn:pratique:pass';
/** What a VC's `type` adds; a card may carry it needlessly. */
export const VC_TYPE = 'VerifiableCredential';

export type Profile = 'pass' | 'pass-plus';
export type PassType = 'vaccination' | 'pcr' | 'antigen';

const PASS_TYPES: readonly PassType[] = ['vaccination', 'pcr', 'antigen'];
/** SMART Health Cards, "Revocation": at most 24 characters of the base64url alphabet. */
const RID = /^[A-Za-z0-9_-]{1,24}$/;
const DID = /^did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,2000}$/;

/** What a health card (Pass Plus) says of its subject. */
export interface HealthCardSubject {
  readonly fhirVersion: string;
  readonly fhirBundle: FhirBundle;
}

/** What a Pass says of its subject. */
export interface PassSubject {
  /** The DID of the holder, if the pass is bound to one. */
  readonly holder: string | undefined;
  readonly name: { readonly family: string; readonly given: readonly string[] };
  /** YYYY-MM-DD. */
  readonly birthDate: string;
  readonly passType: PassType;
}

/** A SMART Health Card (1.4.0); times in seconds since 1970, possibly fractional. */
export interface HealthCard extends HealthCardSubject {
  readonly profile: 'pass-plus';
  readonly iss: string;
  readonly nbf: number;
  readonly exp: number | undefined;
  readonly rid: string | undefined;
  /** `HEALTH_CARD_TYPE`, and in foreign cards further types; never `VC_TYPE`. */
  readonly types: readonly string[];
}

/** Our minimal, expiring pass; times in seconds since 1970, possibly fractional. */
export interface Pass extends PassSubject {
  readonly profile: 'pass';
  readonly iss: string;
  readonly nbf: number;
  readonly exp: number;
  readonly rid: string;
}

/**
 * Reads the payload of a card: a health card leniently, as issuers elsewhere write it (further types, further members);
 * our own Pass strictly.
 * @throws FormatError MALFORMED
 */
export function parseCardPayload(json: unknown): HealthCard | Pass {
  const payload = jsonObject(json, 'The payload is not a JSON object.');
  const vc = jsonObject(payload['vc'], 'The payload holds no credential.');
  const types = parseTypes(vc['type']);
  const { iss } = payload;
  if (typeof iss !== 'string' || !iss.startsWith('https://'))
    throw malformed('The issuer is not an https URL.');
  const nbf = parseSeconds(payload['nbf']);
  const exp = payload['exp'] === undefined ? undefined : parseSeconds(payload['exp']);
  const rid = parseRid(vc['rid']);

  if (profileOf(types) === 'pass-plus') {
    const { fhirVersion, fhirBundle } = parseHealthCardSubject(vc['credentialSubject']);
    const own = types.filter((type) => type !== VC_TYPE);
    return { profile: 'pass-plus', iss, nbf, exp, rid, types: own, fhirVersion, fhirBundle };
  }
  allowOnly(payload, ['iss', 'nbf', 'exp', 'vc']);
  allowOnly(vc, ['type', 'rid', 'credentialSubject']);
  if (types.length !== 1) throw malformed('A pass has one type.');
  if (exp === undefined || rid === undefined) throw malformed('A pass has an end and a rid.');
  return { profile: 'pass', iss, nbf, exp, rid, ...parsePassSubject(vc['credentialSubject']) };
}

/**
 * The payload as it is signed: minified UTF-8 JSON, members in the order of the SMART Health Cards examples.
 * @throws FormatError MALFORMED if it is not a card that we write: a health card with other types than its own, or
 * anything that `parseCardPayload` would refuse
 */
export function encodeCardPayload(card: HealthCard | Pass): Uint8Array<ArrayBuffer> {
  const payload = card.profile === 'pass' ? passPayload(card) : healthCardPayload(card);
  parseCardPayload(payload);
  return new TextEncoder().encode(JSON.stringify(payload));
}

function healthCardPayload({ iss, nbf, exp, rid, types, fhirVersion, fhirBundle }: HealthCard): object {
  // Since 1.4.0 further types are deprecated: we read them and do not write them.
  if (types.length !== 1) throw malformed('A health card is written with one type.');
  const credentialSubject = { fhirVersion, fhirBundle };
  return { iss, nbf, vc: { type: types, credentialSubject, ...defined({ rid }) }, ...defined({ exp }) };
}

function passPayload({ iss, nbf, exp, rid, ...subject }: Pass): object {
  return { iss, nbf, exp, vc: { type: [PASS_TYPE], rid, credentialSubject: passSubjectJson(subject) } };
}

/** The `credentialSubject` of a Pass in both its forms. */
export function passSubjectJson({ holder, name, birthDate, passType }: PassSubject): Record<string, unknown> {
  const { family, given } = name;
  return { ...defined({ id: holder }), name: { family, given }, birthDate, passType };
}

/**
 * Reads the `type` of a credential: texts, at least one.
 * @throws FormatError MALFORMED
 */
export function parseTypes(json: unknown): readonly string[] {
  if (!isJsonArray(json) || !json.every((type): type is string => typeof type === 'string')) {
    throw malformed('The types of the credential are not a list of texts.');
  }
  return json;
}

/**
 * The profile that the types name: one of the two, never both.
 * @throws FormatError MALFORMED
 */
export function profileOf(types: readonly string[]): Profile {
  const plus = types.includes(HEALTH_CARD_TYPE);
  if (plus === types.includes(PASS_TYPE))
    throw malformed('The credential is neither a pass nor a health card.');
  return plus ? 'pass-plus' : 'pass';
}

/**
 * Reads the `credentialSubject` of a health card in either form.
 * @throws FormatError MALFORMED
 */
export function parseHealthCardSubject(json: unknown): HealthCardSubject {
  const { fhirVersion, fhirBundle } = jsonObject(json, 'The credential has no subject.');
  if (typeof fhirVersion !== 'string') throw malformed('The health card names no FHIR version.');
  if (!isFhirBundle(fhirBundle)) throw malformed('The health card holds no FHIR bundle.');
  return { fhirVersion, fhirBundle };
}

/**
 * Reads the `credentialSubject` of a Pass in either form, with these members and no others: a Pass says nothing clinical.
 * @throws FormatError MALFORMED
 */
export function parsePassSubject(json: unknown): PassSubject {
  const subject = jsonObject(json, 'The pass has no subject.');
  allowOnly(subject, ['id', 'name', 'birthDate', 'passType']);
  const name = jsonObject(subject['name'], 'The pass has no name.');
  allowOnly(name, ['family', 'given']);
  const { family, given } = name;
  if (!isWord(family) || !isJsonArray(given) || !given.every(isWord))
    throw malformed('The name of the pass is not one.');
  const { id: holder, birthDate } = subject;
  if (holder !== undefined && !(typeof holder === 'string' && DID.test(holder))) {
    throw malformed('The holder of the pass is not a DID.');
  }
  if (typeof birthDate !== 'string' || !isCalendarDate(birthDate))
    throw malformed('The date of birth is none.');
  const passType = PASS_TYPES.find((type) => type === subject['passType']);
  if (passType === undefined) throw malformed('The pass is of no known type.');
  return { holder, name: { family, given }, birthDate, passType };
}

/**
 * Reads `nbf` or `exp`: seconds since 1970, possibly fractional.
 * @throws FormatError MALFORMED; also over `MAX_SECONDS`, where an issuer wrote milliseconds
 */
export function parseSeconds(json: unknown): number {
  if (typeof json !== 'number' || !(json >= 0 && json <= MAX_SECONDS)) {
    throw malformed('A time is not a number of seconds since 1970.');
  }
  return json;
}

/** The members whose value is not undefined. */
function defined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

function parseRid(json: unknown): string | undefined {
  if (json === undefined) return undefined;
  if (typeof json !== 'string' || !RID.test(json)) throw malformed('The rid of the card is not one.');
  return json;
}

function jsonObject(value: unknown, message: string): Record<string, unknown> {
  if (!isJsonObject(value)) throw malformed(message);
  return value;
}

function allowOnly(object: Record<string, unknown>, names: readonly string[]): void {
  if (!Object.keys(object).every((name) => names.includes(name)))
    throw malformed('The pass holds more than a pass may.');
}

function malformed(message: string): FormatError {
  return new FormatError('MALFORMED', message);
}
