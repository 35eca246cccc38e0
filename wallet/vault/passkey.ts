import type { Passkey } from './passkey-lock.ts';
import { randomBytes } from './sealing.ts';
import type { Bytes } from './store.ts';
import { VaultError } from './vault-error.ts';

/** ES256 (RFC 9053 section 2.1); what it signs is of no interest here. */
const ES256 = -7;

/**
 * A passkey of this page's site (WebAuthn Level 3, extension prf): asked on the device, told to no server.
 *
 * @param label what the authenticator shows beside the site; the user's choice of words, never a name from a pass
 */
export function sitePasskey(label: string): Passkey {
  return {
    create: async () =>
      refusable(async () => {
        const created = await navigator.credentials.create({
          publicKey: {
            rp: { name: label },
            user: { id: randomBytes(16), name: label, displayName: label },
            challenge: randomBytes(32),
            pubKeyCredParams: [{ type: 'public-key', alg: ES256 }],
            authenticatorSelection: { residentKey: 'discouraged', userVerification: 'required' },
            attestation: 'none',
            extensions: { prf: {} },
          },
        });
        if (!(created instanceof PublicKeyCredential)) return undefined;
        const { prf } = created.getClientExtensionResults();
        return prf?.enabled === true ? new Uint8Array(created.rawId) : undefined;
      }),
    secret: async (credentialId, salt) =>
      refusable(async () => {
        const answer = await navigator.credentials.get({
          publicKey: {
            challenge: randomBytes(32),
            allowCredentials: [{ type: 'public-key', id: credentialId }],
            userVerification: 'required',
            extensions: { prf: { eval: { first: salt } } },
          },
        });
        if (!(answer instanceof PublicKeyCredential)) return undefined;
        const first = answer.getClientExtensionResults().prf?.results?.first;
        return first instanceof ArrayBuffer ? new Uint8Array(first.slice(0)) : undefined;
      }),
  };
}

async function refusable(ask: () => Promise<Bytes | undefined>): Promise<Bytes> {
  let answer: Bytes | undefined;
  try {
    answer = await ask();
  } catch (error) {
    // The user said no, there is no authenticator, or the site may not ask: it says not which (WebAuthn section 14.5).
    if (!(error instanceof DOMException)) throw error;
  }
  if (answer === undefined) throw new VaultError('PASSKEY_UNAVAILABLE');
  return answer;
}
