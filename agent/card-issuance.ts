import { minimiseBundle, parseBundle } from '../credential/fhir-bundle.ts';
import type { FhirBundle } from '../credential/fhir-bundle.ts';
import { encodeCardPayload, HEALTH_CARD_TYPE } from '../credential/health-card.ts';
import type { HealthCard, Pass, PassSubject } from '../credential/health-card.ts';
import { ridFromIndex } from '../credential/status-list.ts';
import { composeName, namedSubject } from '../credential/subject.ts';
import type { Trust } from '../verifier/pipeline/trust.ts';
import type { IssuerAgent } from './agent.ts';
import type { CardRecord, Revocation } from './card-record.ts';
import { signCard, type SignedForms } from './card-signer.ts';
import { lotTagsOf, personTag } from './card-tags.ts';
import type { CountingPolicy } from './issuance-policy.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerIdentity } from './issuer-identity.ts';
import { PRODUCTS } from './products.ts';
import type { ProductName } from './products.ts';
import type { PersonCards } from './person-cards.ts';
import { assertPlausible } from './plausibility.ts';
import { patientOf, qualify } from './qualification.ts';
import type { Disqualification, Refusal } from './qualification.ts';
import { assertClaims, assertFits, assertLinted, assertSignable } from './signable.ts';
import type { Signer } from './signer.ts';
import type { SigningKey } from './signing-keys.ts';
import type { Aside, StatusLedger } from './status-ledger.ts';
import type { Tagger } from './tagger.ts';

/** A card in all its forms, signed by one key, with one index; and what became of the card that it replaces. */
export type IssuedCard = CardRecord & SignedForms & { readonly replaced?: Revocation };

/** When, and with which key if not the newest that may sign; `now` in Unix seconds, fractions dropped. */
export interface IssueTerms {
  readonly now: number;
  readonly kid?: string;
  /** Id or rid of a card of the same person that is revoked with the issuance, as superseded. */
  readonly replaces?: string;
  /** What is written with the card, in the same batch. */
  readonly also?: (card: CardRecord & SignedForms) => Aside;
}

/** What issuing needs of its issuer. */
export interface Issuance {
  readonly agent: IssuerAgent;
  readonly identity: IssuerIdentity;
  /** Of persons and lots. */
  readonly tagger: Tagger;
  readonly ledger: StatusLedger;
  /** Who has had enough of a card. */
  readonly persons: PersonCards;
  /** The key to sign with at a moment. IssuerError as `SigningKeys.choose`. */
  readonly chooseKey: (at: number, kid: string | undefined) => SigningKey;
  /** What a venue could know of a key. IssuerError NOT_ANCHORED, ANCHOR_MISMATCH. */
  readonly trustIn: (kid: string) => Trust;
  /** What holds the private part of a key. */
  readonly signerOf: (kid: string) => Promise<Signer>;
}

/** A card that still lacks its moment of issuance and its place in the status list. */
export type Draft = (nbf: number, rid: string) => HealthCard | Pass;

/** What is kept of a card besides its place in the list: by what it is found again. */
export type Kept = Pick<CardRecord, 'product' | 'person' | 'lots'>;

/** A record that does not qualify for a product: what to tell the person is in `details`, and not in the message. */
export class NotQualified extends IssuerError {
  readonly details: Readonly<Record<string, string | number>>;

  constructor({ kind: _kind, ...refusal }: Refusal) {
    super('NOT_QUALIFIED', SENTENCE_OF_REASON[refusal.reason]);
    this.details = Object.fromEntries(
      Object.entries(refusal).filter((entry): entry is [string, string | number] => entry[1] !== null),
    );
  }
}

const SENTENCE_OF_REASON: Readonly<Record<Disqualification, string>> = {
  NO_ACCEPTED_DOSE: 'The record holds no dose of an accepted vaccine.',
  SERIES_INCOMPLETE: 'The primary series is not complete yet.',
  NO_NEGATIVE_RESULT: 'The record holds no negative result of this test.',
  TEST_TIME_MISSING: 'The time of the test was not written with its time zone.',
  POSITIVE_RESULT:
    'A positive result, or one that cannot be read, stands beside the negative one or after it.',
  TOO_EARLY: 'It is too early for this product.',
  WINDOW_OVER: 'The time for this product is over.',
};

/**
 * Issues a product from a FHIR bundle: qualified by the policy, minimised to what the product attests, signed in all
 * forms, each verified, on disk before it is returned. The bundle is not changed.
 *
 * NotPlausible; NotQualified; BundleError; IssuerError as `issueCard`. A `holder` DID binds a Pass to its holder.
 */
export async function issueProduct(
  issuance: Issuance,
  name: ProductName,
  request: {
    readonly bundle: unknown;
    readonly policy: CountingPolicy;
    readonly holder: string | undefined;
  } & IssueTerms,
): Promise<IssuedCard> {
  const whole = minimiseBundle(parseBundle(request.bundle));
  assertSignable(whole, request.now);
  const draft = productDraft(issuance, name, whole, request);
  const kept = { ...keptOf(issuance, whole), product: name };
  const { policy, replaces, now } = request;
  return issuance.persons.another({ person: kept.person, product: name, replaces, policy, now }, async () =>
    issueCard(issuance, request, draft, kept),
  );
}

/**
 * Issues a Pass Plus as a copy of a FHIR bundle, outside of the products. The bundle is not changed.
 *
 * BundleError; IssuerError as `issueCard`.
 */
export async function issuePlus(issuance: Issuance, bundle: unknown, terms: IssueTerms): Promise<IssuedCard> {
  const whole = minimiseBundle(parseBundle(bundle));
  assertSignable(whole, terms.now);
  assertLinted(whole, terms.now);
  return issueCard(issuance, terms, plusDraft(issuance, whole), keptOf(issuance, whole));
}

/**
 * Issues a Pass with the claims as given.
 *
 * FormatError; BundleError as `assertClaims`; IssuerError CREDENTIAL_INVALID and as `issueCard`.
 */
export async function issuePass(
  issuance: Issuance,
  claims: PassSubject & { readonly exp: number },
  terms: IssueTerms,
): Promise<IssuedCard> {
  const said = structuredClone(claims);
  assertClaims(said, terms.now);
  return issueCard(issuance, terms, passDraft(issuance, said), keptOfPass(issuance, said));
}

/**
 * The draft of a product from a minimised bundle that may be signed.
 *
 * NotPlausible; NotQualified; BundleError as `assertLinted` and `assertClaims`.
 */
export function productDraft(
  issuance: Pick<Issuance, 'identity'>,
  name: ProductName,
  whole: FhirBundle,
  request: { readonly policy: CountingPolicy; readonly holder?: string | undefined; readonly now: number },
): Draft {
  assertPlausible(whole, request.policy, request.now);
  const qualified = qualify(whole, name, request.policy, Math.floor(request.now));
  if (qualified.kind === 'refused') throw new NotQualified(qualified);
  const { profile, passType } = PRODUCTS[name];
  const { until } = qualified.window;
  if (profile === 'pass-plus') {
    const part = qualified.part();
    assertLinted(part, request.now);
    return plusDraft(issuance, part, until);
  }
  if (until === undefined) throw new IssuerError('CREDENTIAL_INVALID', 'A Pass has an end.');
  const claims = { ...patientOf(whole), holder: request.holder, passType, exp: until };
  assertClaims(claims, request.now);
  return passDraft(issuance, claims);
}

/** By what a card of a record is found again: its person, its lots. */
export function keptOf({ tagger }: Pick<Issuance, 'tagger'>, bundle: FhirBundle): Kept {
  const { name = '', birthDate } = namedSubject(bundle) ?? {};
  return { person: personTag(tagger, { name, birthDate: birthDate ?? '' }), lots: lotTagsOf(tagger, bundle) };
}

/** By what a Pass whose claims were said is found again. */
function keptOfPass({ tagger }: Pick<Issuance, 'tagger'>, { name, birthDate }: PassSubject): Kept {
  const whole = composeName(name.given, name.family) ?? '';
  return { person: personTag(tagger, { name: whole, birthDate }), lots: [] };
}

/** The draft of a Plus with that record. */
function plusDraft(
  { identity: { iss } }: Pick<Issuance, 'identity'>,
  fhirBundle: FhirBundle,
  exp?: number,
): Draft {
  const claims = { exp, types: [HEALTH_CARD_TYPE], fhirVersion: '4.0.1', fhirBundle };
  return (nbf, rid) => ({ profile: 'pass-plus', iss, nbf, rid, ...claims });
}

/** The draft of a Pass with those claims. */
function passDraft(
  { identity: { iss } }: Pick<Issuance, 'identity'>,
  { holder, name, birthDate, passType, exp }: PassSubject & { readonly exp: number },
): Draft {
  return (nbf, rid) => ({ profile: 'pass', iss, nbf, exp, rid, holder, name, birthDate, passType });
}

/**
 * Signs a draft with the next index of a key.
 *
 * IssuerError NO_SIGNING_KEY, NOT_ANCHORED, ANCHOR_MISMATCH, KEY_NOT_VALID, NOT_ACCREDITED, IDENTITY_DIFFERS, CARD_TOO_LARGE, NOT_VERIFIED,
 * STORE_DAMAGED; CARD_UNKNOWN, RID_AMBIGUOUS, OTHER_PERSON of the card to be replaced.
 */
async function issueCard(
  { agent, identity, tagger, ledger, chooseKey, trustIn, signerOf }: Issuance,
  terms: IssueTerms,
  make: Draft,
  kept: Kept,
): Promise<IssuedCard> {
  // The moment of issuance in whole seconds: key windows rest on it.
  const issuedAt = Math.floor(terms.now);
  const { kid } = chooseKey(issuedAt, terms.kid);
  const trust = trustIn(kid);
  // What cannot be signed, or written as a card, must not use up an index: a token can be away for hours.
  await (await signerOf(kid)).ready(kid);
  assertFits(encodeCardPayload(make(issuedAt, ridFromIndex(0))));
  const old = terms.replaces === undefined ? undefined : await cardOf(ledger, kept.person, terms.replaces);
  const { index, rid } = await ledger.draw(kid);
  const card = make(issuedAt, rid);
  const { did, statusBase } = identity;
  const forms = await signCard(agent, { did, statusBase, kid }, trust, card);
  const { profile } = card;
  const payloadHash = tagger.payloadHash(encodeCardPayload(card));
  const record: CardRecord = {
    id: `${kid}.${rid}`,
    kid,
    index,
    rid,
    profile,
    issuedAt,
    payloadHash,
    ...kept,
  };
  const replaced = await ledger.record(record, old, terms.also?.({ ...record, ...forms }));
  return { ...record, ...forms, ...(replaced === undefined ? {} : { replaced }) };
}

/** A card that a new one of a person may replace: a slip of the clerk's must not end the card of somebody else. */
async function cardOf(ledger: StatusLedger, person: string, idOrRid: string): Promise<CardRecord> {
  const card = await ledger.find(idOrRid);
  if (card.person === person) return card;
  throw new IssuerError('OTHER_PERSON', 'The card to be replaced is of another person than this record.');
}
