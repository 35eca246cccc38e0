import { verifyCredential } from 'did-jwt-vc';
import { compactVerify, importJWK, type JWK } from 'jose';
import { SHCReader } from 'kill-the-clipboard';
import { createPublicKey, verify } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { inflateRawNode } from '../credential/deflate-node.ts';
import { parseCardPayload } from '../credential/health-card.ts';
import { decodeUtf8, parseJson } from '../credential/json.ts';
import { parseCompactJws } from '../credential/jws.ts';
import { DID, type TestKey } from '../test/support/cards.ts';
import { mintLegacyVc } from '../test/support/presentations.ts';
import type { BenchCard } from './cards.ts';
import type { Candidate } from './rounds.ts';

/** The peers take long: they are shown the first of the cards only, and measured by the card. */
export const PEER_CARDS = 50;

/** What others do with the same cards, or with the same claims by the same key; each refuses what it cannot verify. */
type Peer =
  | 'plainNode'
  | 'joseCompactVerify'
  | 'plainJose'
  | 'didJwtVc'
  | 'killTheClipboard'
  | 'killTheClipboardFromJws';

/** The peers over these cards, all by one key, which each gets in the form that it verifies fastest with. */
export async function peersOver(
  key: TestKey,
  cards: readonly BenchCard[],
  now: number,
): Promise<Readonly<Record<Peer, Candidate>>> {
  const jwk: JWK = { kty: 'EC', crv: 'P-256', x: key.x, y: key.y };
  const imported = await importJWK(jwk, 'ES256');
  const algorithms = { algorithms: ['ES256'] };
  const utf8 = new TextDecoder();
  const point = {
    key: createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: key.x, y: key.y } }),
    dsaEncoding: 'ieee-p1363',
  } as const;

  const credentials = cards.map(({ jws }) => {
    const { payload } = parseCompactJws(jws);
    return mintLegacyVc(key, parseCardPayload(parseJson(decodeUtf8(inflateRawNode(payload, 2 ** 18)))));
  });
  const resolver = memoryResolver(jwk, key.kid);

  // Verifies the signature by jose, inflates, and looks that iss, nbf, exp, the types, the FHIR version and the bundle
  // are there and that exp is not over. It is told the key: what it would do with the key's issuer, and with a list of
  // revoked rids, it fetches or is given as a directory, and neither runs here. It asks for no kid and no nbf in the past.
  const reader = new SHCReader({ publicKey: imported });

  return {
    /** The least that gives the claims of a card: decode, verify, inflate, parse. Decides nothing. */
    plainNode() {
      for (const { jws } of cards) {
        const [header = '', payload = '', signature = ''] = jws.split('.');
        const signed = Buffer.from(`${header}.${payload}`, 'latin1');
        if (!verify('sha256', signed, point, Buffer.from(signature, 'base64url'))) throw unverified();
        parsed(inflateRawSync(Buffer.from(payload, 'base64url')).toString());
      }
    },
    async joseCompactVerify() {
      for (const { jws } of cards) await compactVerify(jws, imported, algorithms);
    },
    async plainJose() {
      for (const { jws } of cards) {
        const { payload } = await compactVerify(jws, imported, algorithms);
        parsed(utf8.decode(inflateRawSync(payload)));
      }
    },
    /** The VCDM 1.1 JWT of the card. The key comes out of the DID document each time: there is no way to import it. */
    async didJwtVc() {
      for (const jwt of credentials) {
        // Throws what it does not verify.
        await verifyCredential(jwt, resolver, { policies: { now } });
      }
    },
    async killTheClipboard() {
      for (const { qr } of cards) await reader.fromQRNumeric(qr);
    },
    async killTheClipboardFromJws() {
      for (const { jws } of cards) await reader.fromJWS(jws);
    },
  };
}

/** The DID document of the issuer without a network. */
function memoryResolver(publicKeyJwk: JWK, kid: string): Parameters<typeof verifyCredential>[1] {
  const id = `${DID}#${kid}`;
  const resolution = {
    didDocument: {
      id: DID,
      verificationMethod: [
        { id, type: 'JsonWebKey2020', controller: DID, publicKeyJwk: publicKeyJwk as { kty: string } },
      ],
      assertionMethod: [id],
    },
    didDocumentMetadata: {},
    didResolutionMetadata: {},
  };
  return { resolve: async () => resolution };
}

function parsed(json: string): void {
  const claims: unknown = JSON.parse(json);
  if (typeof claims !== 'object') throw unverified();
}

function unverified(): Error {
  return new Error('A peer did not verify a card of the benchmark.');
}
