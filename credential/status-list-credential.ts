import { dateTimeFromSeconds, secondsFromDateTime } from './date-time.ts';
import { encodeStatusList } from './encoded-list.ts';
import { FormatError } from './errors.ts';
import { isJsonArray, isJsonObject } from './json.ts';
import type { StatusList } from './status-list.ts';
import { statusListUrl, VC_CONTEXT, type VcIssuer } from './verifiable-credential.ts';

const TYPES = ['VerifiableCredential', 'BitstringStatusListCredential'] as const;

/** A W3C BitstringStatusListCredential (Bitstring Status List v1.0 §2.2), the payload of its `vc+jwt`. */
export interface StatusListCredential {
  readonly '@context': readonly [typeof VC_CONTEXT];
  readonly id: string;
  readonly type: typeof TYPES;
  readonly issuer: string;
  readonly validFrom: string;
  readonly credentialSubject: {
    readonly id: string;
    readonly type: 'BitstringStatusList';
    readonly statusPurpose: 'revocation';
    readonly encodedList: string;
  };
}

/** The credential that says which cards of a key are revoked; `validFrom` in Unix seconds. */
export function statusListCredential(
  issuer: VcIssuer,
  { list, validFrom }: { readonly list: StatusList; readonly validFrom: number },
): StatusListCredential {
  const id = statusListUrl(issuer);
  return {
    '@context': [VC_CONTEXT],
    id,
    type: TYPES,
    issuer: issuer.did,
    validFrom: dateTimeFromSeconds(validFrom),
    credentialSubject: {
      id: `${id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: encodeStatusList(list),
    },
  };
}

/**
 * The `encodedList` of a BitstringStatusListCredential, and who says so; members that nothing rests on may be any.
 *
 * @throws FormatError MALFORMED; UNSUPPORTED_FORMAT for a list that says something else than who is revoked
 */
export function readStatusListCredential(json: unknown): {
  readonly issuer: string;
  readonly encodedList: string;
} {
  if (!isJsonObject(json)) throw malformed();
  const { type, issuer, validFrom, credentialSubject: subject } = json;
  if (!isJsonArray(type) || !TYPES.every((each) => type.includes(each)) || !isJsonObject(subject)) {
    throw malformed();
  }
  const { statusPurpose, encodedList } = subject;
  if (subject['type'] !== 'BitstringStatusList' || typeof encodedList !== 'string') throw malformed();
  if (typeof issuer !== 'string' || typeof validFrom !== 'string') throw malformed();
  secondsFromDateTime(validFrom);
  if (statusPurpose !== 'revocation') {
    throw new FormatError('UNSUPPORTED_FORMAT', 'The status list says something else than who is revoked.');
  }
  return { issuer, encodedList };
}

function malformed(): FormatError {
  return new FormatError('MALFORMED', 'The credential is not a BitstringStatusListCredential.');
}
