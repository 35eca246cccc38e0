import type { DIDDocument, DIDResolutionResult, ResolverRegistry, VerificationMethod } from 'did-resolver';

import { coordinateBytes } from '../credential/jwk.ts';
import { encodeBase64url } from '../credential/base64url.ts';
import type {
  TrustDocument,
  TrustedIssuer,
  TrustedJurisdiction,
  TrustedKey,
} from '../verifier/pipeline/trust-document.ts';

/** The part of a trust snapshot that DID documents are made of; a `TrustDocument` is one. */
export interface RegistryView {
  readonly issuers: readonly Pick<TrustedIssuer, 'id' | 'did' | 'status'>[];
  readonly keys: readonly Pick<TrustedKey, 'issuer' | 'kid' | 'x' | 'y' | 'state'>[];
}

/** The part of a trust snapshot that decides whose cards a venue takes; a `TrustDocument` is one. */
export type LearnedTrust = Pick<TrustDocument, 'jurisdictions' | 'issuers' | 'keys'>;

/** What to resolve from: an active issuer that is held, or whose jurisdiction is suspended, counts as suspended. */
export function registryView({
  jurisdictions,
  issuers,
  keys,
}: {
  readonly jurisdictions: readonly Pick<TrustedJurisdiction, 'code' | 'suspended'>[];
  readonly issuers: readonly Pick<TrustedIssuer, 'id' | 'did' | 'status' | 'held' | 'jurisdiction'>[];
  readonly keys: RegistryView['keys'];
}): RegistryView {
  const suspended = new Set(jurisdictions.filter((each) => each.suspended).map(({ code }) => code));
  return {
    issuers: issuers.map(({ id, did, status, held, jurisdiction }) => {
      const stopped = status === 'active' && (held || suspended.has(jurisdiction));
      return { id, did, status: stopped ? 'suspended' : status };
    }),
    keys: keys.map(({ issuer, kid, x, y, state }) => ({ issuer, kid, x, y, state })),
  };
}

/**
 * Resolves did:web from the registry's snapshot alone, never by HTTP: what a card's issuer says of itself on its own
 * web site is exactly what must not be believed.
 *
 * A document lists the issuer's keys under `assertionMethod` and nowhere else. Compromised keys and withdrawn issuers
 * are left out; retired keys stay, since the cards they signed stay good. DIDs are compared as they are, case kept.
 */
export function registryResolver(view: () => RegistryView): ResolverRegistry {
  let indexed:
    { readonly view: RegistryView; readonly documents: ReadonlyMap<string, DIDDocument> } | undefined;
  return {
    web: async (did): Promise<DIDResolutionResult> => {
      const current = view();
      if (indexed?.view !== current) indexed = { view: current, documents: didDocuments(current) };
      const document = indexed.documents.get(did);
      if (document === undefined) return NOT_FOUND;
      return {
        didDocument: structuredClone(document),
        didDocumentMetadata: {},
        didResolutionMetadata: { contentType: 'application/did+json' },
      };
    },
  };
}

const NOT_FOUND: DIDResolutionResult = {
  didDocument: null,
  didDocumentMetadata: {},
  didResolutionMetadata: { error: 'notFound' },
};

/** The documents of all issuers that resolve, by DID. */
export function didDocuments(view: RegistryView): Map<string, DIDDocument> {
  const didOf = new Map(
    view.issuers.filter((issuer) => issuer.status !== 'withdrawn').map((issuer) => [issuer.id, issuer.did]),
  );
  const methodsOf = new Map<string, VerificationMethod[]>([...didOf.values()].map((did) => [did, []]));
  for (const key of view.keys) {
    const did = didOf.get(key.issuer);
    if (did === undefined || key.state === 'compromised') continue;
    methodsOf.get(did)?.push({
      id: `${did}#${key.kid}`,
      type: 'JsonWebKey',
      controller: did,
      // RFC 7518 §6.2.1.2 wants full-length coordinates, also of keys that were published short.
      publicKeyJwk: { kty: 'EC', crv: 'P-256', x: fullLength(key.x), y: fullLength(key.y) },
    });
  }
  return new Map([...methodsOf].map(([did, methods]) => [did, didDocument(did, methods)]));
}

function didDocument(did: string, methods: VerificationMethod[]): DIDDocument {
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    verificationMethod: methods,
    // Always present: did-jwt takes every key of a document that has no such member.
    assertionMethod: methods.map((method) => method.id),
  };
}

function fullLength(coordinate: string): string {
  return encodeBase64url(coordinateBytes(coordinate));
}
