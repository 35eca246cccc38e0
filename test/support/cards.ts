import { generateKeyPairSync, sign } from 'node:crypto';
import { inflateRawNode } from '../../credential/deflate-node.ts';
import { deflateRaw } from '../../credential/deflate.ts';
import { didWebFromIss } from '../../credential/did-web.ts';
import { encodeBase64url } from '../../credential/base64url.ts';
import { encodeCompactList } from '../../credential/compact-list.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { encodeCardPayload, HEALTH_CARD_TYPE } from '../../credential/health-card.ts';
import type { HealthCard, Pass } from '../../credential/health-card.ts';
import { thumbprint } from '../../credential/jwk.ts';
import type { P256Coordinates } from '../../credential/jwk.ts';
import { encodeCompactJws, encodeSigningInput } from '../../credential/jws.ts';
import type { JwsHeader } from '../../credential/jws.ts';
import type { StatusList } from '../../credential/status-list.ts';
import { crlRoot } from '../../credential/crl.ts';
import type { Decision } from '../../verifier/pipeline/decision.ts';
import type { Evidence } from '../../verifier/pipeline/evidence.ts';
import { TRUST_DOCUMENT_VERSION } from '../../verifier/pipeline/trust-document.ts';
import type {
  StatusData,
  TrustDocument,
  TrustedAnchor,
  TrustedIssuer,
  TrustedJurisdiction,
  TrustedKey,
} from '../../verifier/pipeline/trust-document.ts';
import type { Terms } from '../../verifier/pipeline/checks.ts';
import { indexTrust } from '../../verifier/pipeline/trust.ts';
import type { Trust } from '../../verifier/pipeline/trust.ts';
import { verifyCredential } from '../../verifier/pipeline/verify.ts';
import type { NoTrust } from '../../verifier/pipeline/verify.ts';

/** The moment all minted cards are made around, Unix seconds. */
export const NOW = 1_780_000_000;
/** Minted cards are issued a day before, and valid for two. */
export const ISSUED = NOW - 86_400;
export const DAY = 86_400;

export const ISS = 'https://issuer.example/pratique';
export const DID = didWebFromIss(ISS);
export const STATUS_BASE = 'https://status.issuer.example';

/** A P-256 key pair that signs for tests. */
export interface TestKey extends P256Coordinates {
  readonly kid: string;
  readonly sign: (data: Uint8Array) => Uint8Array;
}

export function newKey(): TestKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = privateKey.export({ format: 'jwk' });
  return {
    kid: thumbprint({ x, y }),
    x,
    y,
    sign: (data) => sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  };
}

/** Sign any bytes as a compact JWS; the header is ours but for what is given. */
export function mintJws(key: TestKey, payload: Uint8Array, header: Partial<JwsHeader> = {}): string {
  const input = encodeSigningInput({ alg: 'ES256', kid: key.kid, ...header }, payload);
  return encodeCompactJws(input, key.sign(utf8(input)));
}

/** Sign any bytes under any header, also one that we would never write. */
export function mintUnder(key: TestKey, header: object, payload: Uint8Array): string {
  const input = [utf8(JSON.stringify(header)), payload].map(encodeBase64url).join('.');
  return `${input}.${encodeBase64url(key.sign(utf8(input)))}`;
}

/** A card of any payload: JSON, deflated, signed, whatever it says. */
export function mintPayload(key: TestKey, payload: object, header: Partial<JwsHeader> = {}): string {
  return mintJws(key, deflateRaw(utf8(JSON.stringify(payload))), { zip: 'DEF', ...header });
}

/** A health card of a person who does not exist. */
export function mintCard(key: TestKey, content: Partial<HealthCard> = {}): string {
  return mintJws(key, deflateRaw(encodeCardPayload(healthCard(content))), { zip: 'DEF' });
}

/** A Pass of a person who does not exist. */
export function mintPass(key: TestKey, content: Partial<Pass> = {}): string {
  return mintJws(key, deflateRaw(encodeCardPayload(pass(content))), { zip: 'DEF' });
}

export function healthCard(content: Partial<HealthCard> = {}): HealthCard {
  return {
    profile: 'pass-plus',
    iss: ISS,
    nbf: ISSUED,
    exp: undefined,
    rid: undefined,
    types: [HEALTH_CARD_TYPE],
    fhirVersion: '4.0.1',
    fhirBundle: {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          fullUrl: 'resource:0',
          resource: {
            resourceType: 'Patient',
            name: [{ family: 'Nobody', given: ['Nora'] }],
            birthDate: '1980-02-29',
          },
        },
        {
          fullUrl: 'resource:1',
          resource: {
            resourceType: 'Immunization',
            status: 'completed',
            vaccineCode: { coding: [{ system: 'http://hl7.org/fhir/sid/cvx', code: '207' }] },
            patient: { reference: 'resource:0' },
            occurrenceDateTime: '2026-05-01',
          },
        },
      ],
    },
    ...content,
  };
}

export function pass(content: Partial<Pass> = {}): Pass {
  return {
    profile: 'pass',
    iss: ISS,
    nbf: ISSUED,
    exp: NOW + DAY,
    rid: 'AAAAAA',
    holder: undefined,
    name: { family: 'Nobody', given: ['Nora'] },
    birthDate: '1980-02-29',
    passType: 'vaccination',
    ...content,
  };
}

export function trustedIssuer(content: Partial<TrustedIssuer> = {}): TrustedIssuer {
  const iss = content.iss ?? ISS;
  return {
    id: 1,
    did: didWebFromIss(iss),
    iss,
    name: 'Health department of Nowhere',
    jurisdiction: 'US-NO',
    status: 'active',
    held: false,
    accreditedFrom: 0,
    accreditedUntil: 0,
    attestations: 0,
    statusBase: STATUS_BASE,
    formerStatusBases: [],
    ...content,
  };
}

export function trustedKey(
  { kid, x, y }: Omit<TestKey, 'sign'>,
  content: Partial<TrustedKey> = {},
): TrustedKey {
  return {
    issuer: 1,
    kid,
    x,
    y,
    validFrom: ISSUED - 100 * DAY,
    validUntil: ISSUED + 100 * DAY,
    state: 'active',
    revocation: 'none',
    proven: true,
    ...content,
  };
}

export const JURISDICTION: TrustedJurisdiction = {
  code: 'US-NO',
  name: 'State of Nowhere',
  suspended: false,
};

/** A document taken from a chain a minute ago, with one issuer unless told otherwise. */
export function trustDocument(content: Partial<TrustDocument> = {}): TrustDocument {
  return {
    version: TRUST_DOCUMENT_VERSION,
    source: {
      kind: 'chain',
      chainId: 31337,
      registry: '0x5fbdb2315678afecb367f032d93f642f64180aa3',
      head: `0x${'ab'.repeat(32)}`,
      size: 3,
      block: { number: 7, hash: `0x${'cd'.repeat(32)}`, time: NOW - 70 },
    },
    seen: null,
    takenAt: NOW - 60,
    successor: null,
    jurisdictions: [JURISDICTION],
    issuers: [trustedIssuer()],
    keys: [],
    venues: [],
    rules: [],
    anchors: [],
    lists: [],
    ruleFiles: [],
    ...content,
  };
}

/** The anchored data of one key that revokes by a status list. */
export function anchoredBits(
  { kid }: Pick<TestKey, 'kid'>,
  list: StatusList,
  counter = 1,
): { readonly data: StatusData; readonly anchor: TrustedAnchor } {
  const { length, revoked } = list;
  return {
    data: {
      kind: 'bits',
      issuer: 1,
      kid,
      compact: encodeBase64url(encodeCompactList({ kid, counter, list })),
    },
    anchor: anchorOf(kid, { root: hex(list.root()), counter, length, revoked }),
  };
}

/** The anchored data of one key that revokes by a list of rids. */
export function anchoredRids(
  { kid }: TestKey,
  rids: readonly string[],
): { readonly data: StatusData; readonly anchor: TrustedAnchor } {
  return {
    data: { kind: 'rids', issuer: 1, kid, rids },
    anchor: anchorOf(kid, { root: hex(crlRoot(rids)), length: rids.length, revoked: rids.length }),
  };
}

export function anchorOf(kid: string, content: Partial<TrustedAnchor>): TrustedAnchor {
  return {
    issuer: 1,
    list: kid,
    root: `0x${'00'.repeat(32)}`,
    counter: 1,
    length: 0,
    revoked: 0,
    time: NOW - 100,
    final: false,
    ...content,
  };
}

/** Trust as a venue with a pinned source has it. */
export function anchoredTrust(document: TrustDocument): Trust {
  return indexTrust(document, { anchored: true, importKey: importEs256Key });
}

/** Decide as the command line does, at `NOW` unless told otherwise. */
export async function decide(
  evidence: string | Evidence,
  trust: Trust | NoTrust,
  terms: Partial<Terms> = {},
): Promise<Decision> {
  return verifyCredential(
    typeof evidence === 'string' ? { text: evidence } : evidence,
    trust,
    { now: NOW, allowUnanchored: false, rules: 'none', ...terms },
    { inflate: inflateRawNode },
  );
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}
