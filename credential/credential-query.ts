import { DcqlQuery } from 'dcql';
import { FormatError } from './errors.ts';
import { HEALTH_CARD_TYPE, PASS_TYPE } from './health-card.ts';
import type { Profile } from './health-card.ts';

/** What a verifier asks for, in the Digital Credentials Query Language (OpenID4VP 1.0 §6). */
export type CredentialQuery = DcqlQuery.Output;

/** OpenID4VP 1.0 §B.1.3.1: a W3C credential that is signed as a JWT; there is no identifier of VC-JOSE-COSE's own. */
const FORMAT = 'jwt_vc_json';
const TYPES: Readonly<Record<Profile, string>> = { pass: PASS_TYPE, 'pass-plus': HEALTH_CARD_TYPE };
/** Ids are letters, digits, _ and - (§6.1). */
const IDS: Readonly<Record<Profile, string>> = { pass: 'pass', 'pass-plus': 'pass_plus' };

/** A query as it is written. */
export interface WrittenQuery {
  readonly credentials: readonly object[];
  readonly credential_sets?: readonly object[];
}

/** Ask for one credential of any of these kinds, with proof of its holder, which is what DCQL asks unless told otherwise. */
export function credentialQuery(profiles: readonly Profile[]): WrittenQuery {
  const credentials = profiles.map((profile) => ({
    id: IDS[profile],
    format: FORMAT,
    meta: { type_values: [[TYPES[profile]]] },
  }));
  if (profiles.length === 1) return { credentials };
  // Any one of them is enough.
  return { credentials, credential_sets: [{ options: profiles.map((profile) => [IDS[profile]]) }] };
}

/**
 * Reads a query that anybody may have made.
 *
 * @throws FormatError MALFORMED
 */
export function readCredentialQuery(json: unknown): CredentialQuery {
  try {
    const query = DcqlQuery.parse(json as DcqlQuery.Input);
    DcqlQuery.validate(query);
    return query;
  } catch {
    // Its errors quote the query.
    throw new FormatError('MALFORMED', 'The request does not say what it asks for as DCQL has it.');
  }
}

/**
 * The id under which a bound credential of that kind answers the whole query; undefined if it does not, or not alone. A
 * query for single claims is answered by none: nothing here can be shown in part.
 */
export function answersQuery(query: CredentialQuery, profile: Profile): string | undefined {
  const { credential_matches: matches } = DcqlQuery.query(query, [
    {
      credential_format: FORMAT,
      type: ['VerifiableCredential', TYPES[profile]],
      claims: {},
      cryptographic_holder_binding: true,
    },
  ]);
  const ids = Object.entries(matches).flatMap(([id, { success }]) => (success ? id : []));
  return ids.find((id) => isEnough(query, id));
}

/** Every set that must be there has an option of this credential alone; without sets, nothing else is asked (§6.4.2). */
function isEnough({ credentials, credential_sets: sets }: CredentialQuery, id: string): boolean {
  if (sets === undefined) return credentials.length === 1;
  return sets.every(
    ({ required, options }) => !required || options.some((option) => option.length === 1 && option[0] === id),
  );
}
