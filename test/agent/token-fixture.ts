import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

import type { VerifierAgentContext } from '@veramo/core-types';
import { Resolver, type DIDDocument } from 'did-resolver';

import { registryResolver, type RegistryView } from '../../agent/registry-resolver.ts';
import { thumbprint } from '../../credential/jwk.ts';

/** A key made by a test, and so in anybody's hand. */
export interface TestKey {
  readonly kid: string;
  readonly x: string;
  readonly y: string;
  readonly privateKey: KeyObject;
}

export function makeKey(): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  return { kid: thumbprint({ x, y }), x, y, privateKey };
}

/** A compact JWS over any header and payload. */
export function makeToken(header: object, payload: unknown, { privateKey }: TestKey): string {
  const encode = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url');
  const input = `${encode({ alg: 'ES256', ...header })}.${encode(payload)}`;
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${input}.${signature.toString('base64url')}`;
}

/** A registry view of issuers by DID, each with its keys. */
export function viewOf(issuers: Readonly<Record<string, readonly TestKey[]>>): RegistryView {
  return {
    issuers: Object.keys(issuers).map((did, at) => ({ id: at + 1, did, status: 'active' })),
    keys: Object.values(issuers).flatMap((keys, at) =>
      keys.map(({ kid, x, y }) => ({ issuer: at + 1, kid, x, y, state: 'active' as const })),
    ),
  };
}

/** What a provider is given by the agent when it verifies: a resolver, over a view or over one document. */
export function verifierContext(source: RegistryView | DIDDocument): VerifierAgentContext {
  const resolver = 'issuers' in source ? new Resolver(registryResolver(() => source)) : undefined;
  const resolveDid = async ({ didUrl }: { didUrl: string }) =>
    resolver === undefined
      ? { didDocument: source, didDocumentMetadata: {}, didResolutionMetadata: {} }
      : resolver.resolve(didUrl);
  return { agent: { resolveDid } } as unknown as VerifierAgentContext;
}

/** The code of a refusal, or VERIFIED. */
export function answerOf(result: { verified: boolean; error?: { errorCode?: string } }): string {
  return result.verified ? 'VERIFIED' : String(result.error?.errorCode);
}
