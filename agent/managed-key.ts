import type { IssuerAgentContext } from '@veramo/core-types';

import { IssuerError } from './issuer-error.ts';

/**
 * The DID of a credential's issuer and the key of it that signs: the one asked for, or the only one.
 *
 * IssuerError KEY_UNKNOWN if the key is not the identifier's, or which of several is not said; DID_UNKNOWN.
 */
export async function managedKey(
  issuer: unknown,
  keyRef: string | undefined,
  context: IssuerAgentContext,
): Promise<{ readonly did: string; readonly kid: string }> {
  const did = typeof issuer === 'string' ? issuer : (issuer as { id?: unknown } | undefined)?.id;
  if (typeof did !== 'string') throw new IssuerError('CREDENTIAL_INVALID', 'The credential names no issuer.');
  const { keys } = await context.agent.didManagerGet({ did });
  const key = keyRef === undefined && keys.length === 1 ? keys[0] : keys.find(({ kid }) => kid === keyRef);
  if (key === undefined) throw new IssuerError('KEY_UNKNOWN', 'The identifier has no such key.');
  return { did, kid: key.kid };
}
