import { gzipSync } from 'node:zlib';
import { encodeBase64url } from '../../credential/base64url.ts';
import { deflateRaw } from '../../credential/deflate.ts';
import { didJwkFromKey } from '../../credential/did-jwk.ts';
import { encodeCardPayload, type HealthCard } from '../../credential/health-card.ts';
import { legacyVcFromCard, vcFromCard } from '../../credential/verifiable-credential.ts';
import { StatusList } from '../../credential/status-list.ts';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import {
  anchoredBits,
  anchoredRids,
  DID,
  healthCard,
  mintCard,
  mintPass,
  newKey,
  pass,
  STATUS_BASE,
  trustDocument,
  trustedIssuer,
  trustedKey,
} from '../support/cards.ts';
import { mintLegacyVc, mintVc, vpPayload } from '../support/presentations.ts';
import {
  held,
  keyBurned,
  keyListed,
  keyRegistered,
  keyRetired,
  keyRevocationChanged,
  opened,
  registered,
  registryLog,
  rulesPublished,
  statusBaseChanged,
  statusChanged,
  successorAnnounced,
  suspended,
  updated,
  venueRegistered,
  venueStatusChanged,
} from '../verifier/registry-events.ts';
import { didKeyOf } from '../support/did-key.ts';

// Sound things of every kind, for the mutations to begin at.

export const key = newKey();
const revoking = newKey();

/** A card with a name that JSON must escape and UTF-8 must widen, and everything that a lint looks at. */
export const card: HealthCard = healthCard({
  rid: 'AAAAAA',
  exp: 1_800_000_000.5,
  fhirBundle: {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      {
        fullUrl: 'resource:0',
        resource: {
          resourceType: 'Patient',
          name: [{ use: 'official', family: 'Ñandú "O’Nobody"', given: ['Nora', '😀'] }],
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
          occurrenceDateTime: '2026-05-01T10:00:00+02:00',
          lotNumber: '0000007',
          performer: [{ actor: { display: 'Clinic' } }],
        },
      },
      {
        fullUrl: 'resource:2',
        resource: {
          resourceType: 'Observation',
          status: 'final',
          code: { coding: [{ system: 'http://loinc.org', code: '94500-6' }] },
          subject: { reference: 'resource:0' },
          effectiveDateTime: '2026-05-01T10:00:00.5Z',
          valueCodeableConcept: { coding: [{ system: 'http://snomed.info/sct', code: '260415000' }] },
        },
      },
    ],
  },
});

/** Every form of a credential, as the bytes that a verifier is shown. */
export const jws = [
  mintCard(key, card),
  mintPass(key),
  mintVc(key, card),
  mintLegacyVc(key, pass()),
] as const;

export const payloads: readonly unknown[] = [card, pass()].map(
  (content) => JSON.parse(new TextDecoder().decode(encodeCardPayload(content))) as unknown,
);

const issuerOf = (kid: string) => ({ did: DID, statusBase: STATUS_BASE, kid });
const issuer = issuerOf(key.kid);
export function vcsOf(kid: string): readonly unknown[] {
  return [card, pass()].map((content) => vcFromCard(content, issuerOf(kid)));
}
export const vcs: readonly unknown[] = vcsOf(key.kid);
export const legacyVcs: readonly unknown[] = [
  legacyVcFromCard(card, issuer),
  legacyVcFromCard(pass(), issuer),
];
export const presentation: unknown = vpPayload(key, [jws[2]]);
export const didJwk: string = didJwkFromKey(key);
export const didKey: string = didKeyOf(key);

export const deflated: readonly Uint8Array[] = [
  deflateRaw(encodeCardPayload(card)),
  deflateRaw(new Uint8Array(10_000)),
  // Stored, not compressed (RFC 1951 §3.2.4).
  Uint8Array.of(1, 3, 0, 252, 255, 1, 2, 3),
];

const list = new StatusList(1);
for (let index = 0; index < 131_072; index += 1009) list.set(index, true);
const bits = anchoredBits(revoking, list);
const rids = anchoredRids(key, ['AAAAAA', 'abc.1600000000', 'AAAAAQ']);
export const statusBytes: Uint8Array = list.bytes();
export const encodedList: string = `u${encodeBase64url(gzipSync(statusBytes))}`;
export const crl: unknown = { kid: key.kid, method: 'rid', ctr: '3', rids: ['AAAAAA', 'abc.1600000000'] };
export const jwk: unknown = {
  kty: 'EC',
  kid: key.kid,
  use: 'sig',
  alg: 'ES256',
  crv: 'P-256',
  x: key.x,
  y: key.y,
  crlVersion: 3,
};

export const document = trustDocument({
  issuers: [trustedIssuer(), trustedIssuer({ id: 2, iss: 'https://other.example' })],
  keys: [
    trustedKey(key, { revocation: 'rids' }),
    trustedKey(revoking, { revocation: 'bits' }),
    trustedKey(key, { issuer: 2, state: 'retired' }),
  ],
  anchors: [bits.anchor, rids.anchor],
  lists: [bits.data, rids.data],
  successor: { chainId: '10', registry: `0x${'ab'.repeat(20)}` },
  venues: [
    { id: 1, did: 'did:web:arena.example', name: 'Arena', jurisdiction: 'US-NO', status: 'suspended' },
  ],
  rules: [
    {
      jurisdiction: 'US-NO',
      id: 'ENTRY',
      version: 1,
      validFrom: 5,
      digest: `0x${'12'.repeat(32)}`,
      uri: 'https://rules.example/entry',
    },
  ],
});

/** A registry's log with an event of nearly every kind. */
export const registry = registryLog(
  opened(),
  registered(),
  keyRegistered(key, 0),
  keyListed(revoking),
  keyRevocationChanged(key, 1),
  keyRetired(key, 5000),
  keyBurned(revoking),
  held(true),
  updated(),
  statusBaseChanged('https://elsewhere.example'),
  statusChanged(4),
  suspended(true),
  venueRegistered(),
  venueStatusChanged(2),
  rulesPublished(),
  successorAnnounced(`0x${'ab'.repeat(20)}`),
);
export const bundle: string = signBundle(document, oneTimeExporterKey());
