import type { Credential } from '../../credential/credential.ts';
import type { Decision, FailureCode, Unwanted, Warning } from './decision.ts';
import type { TrustDocument } from './trust-document.ts';
import type { TrustEntry } from './trust.ts';

/** How old trust data may be, in seconds. */
export interface TrustAgeLimits {
  /** From here on the decision warns. */
  readonly warnSeconds: number;
  /** From here on nothing is decided. */
  readonly refuseSeconds: number;
}

/** How long an issuer may go without anchoring its list before the decision warns, in seconds. */
export interface SilenceLimits {
  readonly warnSeconds: number;
}

/** A limit for all, and of single jurisdictions by their codes. */
export type PerJurisdiction<Limits> = Limits & {
  readonly jurisdictions: Readonly<Record<string, Partial<Limits>>>;
};

/** What a venue wants beyond what every verifier holds a card to. */
export interface VenuePolicy {
  readonly trustAge: PerJurisdiction<TrustAgeLimits>;
  readonly issuerSilence: PerJurisdiction<SilenceLimits>;
  /** Codes of the jurisdictions whose issuers count here; null for all. */
  readonly acceptedJurisdictions: readonly string[] | null;
  /** Null for both. */
  readonly acceptedProfiles: readonly NonNullable<Decision['profile']>[] | null;
  /** Whether somebody compares the card with an ID; if not, nobody is told whose it is. */
  readonly named: boolean;
  /** Whether the issuer's signature is enough, or the holder has to prove that the card is theirs. */
  readonly holder: 'signature' | 'proof';
}

/** Seconds of a day, by which limits of age are counted. */
const DAY_SECONDS = 86_400;

/** What holds for a venue that says nothing else: trust data decides nothing after three days without a sync. */
export const DEFAULT_POLICY: VenuePolicy = {
  trustAge: { warnSeconds: DAY_SECONDS, refuseSeconds: 3 * DAY_SECONDS, jurisdictions: {} },
  issuerSilence: { warnSeconds: 7 * DAY_SECONDS, jurisdictions: {} },
  acceptedJurisdictions: null,
  acceptedProfiles: null,
  named: true,
  holder: 'signature',
};

/** The limits that hold for an issuer of a jurisdiction, or, as long as none is known, for all. */
export function limitsFor<Limits>(
  { jurisdictions, ...all }: PerJurisdiction<Limits>,
  code: string | undefined,
): Limits {
  const own = code === undefined ? undefined : jurisdictions[code];
  return { ...(all as unknown as Limits), ...own };
}

/** The seconds between the moment trust data was taken and the machine's clock. */
export function trustAge({ takenAt }: TrustDocument, now: number): number {
  return now - takenAt;
}

/** What the venue does not take, though it may be good elsewhere. */
export function unwantedBy(
  policy: VenuePolicy | undefined,
  { profile }: Credential,
  { jurisdiction }: TrustEntry,
): readonly Unwanted[] {
  if (policy === undefined) return [];
  const { acceptedJurisdictions, acceptedProfiles } = policy;
  const unwanted: Unwanted[] = [];
  if (acceptedJurisdictions?.includes(jurisdiction.code) === false) unwanted.push('jurisdiction');
  if (acceptedProfiles?.includes(profile) === false) unwanted.push('profile');
  return unwanted;
}

/** A credential shown by itself has nobody who proved to be its holder. */
export function unprovenHolder(policy: VenuePolicy | undefined): readonly FailureCode[] {
  return policy?.holder === 'proof' ? ['HOLDER_NOT_PROVEN'] : [];
}

/** What the staff should know of and no outcome hangs on; without a policy there is nothing to warn of. */
export function warningsOf(about: {
  readonly policy: VenuePolicy | undefined;
  readonly now: number;
  readonly trust: { readonly document: TrustDocument; readonly anchored: boolean };
  readonly entry: TrustEntry | undefined;
}): readonly Warning[] {
  const { policy, now, trust, entry } = about;
  if (policy === undefined) return [];
  const code = entry?.jurisdiction.code;
  const warnings: Warning[] = [];
  const { warnSeconds, refuseSeconds } = limitsFor<TrustAgeLimits>(policy.trustAge, code);
  const age = trustAge(trust.document, now);
  if (age > warnSeconds && age <= refuseSeconds) warnings.push('TRUST_AGEING');
  if (!trust.anchored) warnings.push('TRUST_NOT_ANCHORED');
  if (entry === undefined) return warnings;
  if (entry.key.revocation === 'none') warnings.push('REVOCATION_NOT_OFFERED');
  const { anchor } = entry;
  const silence = limitsFor<SilenceLimits>(policy.issuerSilence, code);
  // A final anchor is the issuer's last word, and it does not age.
  if (anchor !== undefined && !anchor.final && !(now - anchor.time <= silence.warnSeconds)) {
    warnings.push('ISSUER_SILENT');
  }
  return warnings;
}
