import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createAgent } from '@veramo/core';
import type {
  ICredentialPlugin,
  IDIDManager,
  IKeyManager,
  ICreateVerifiableCredentialArgs,
  IssuerAgentContext,
  ManagedKeyInfo,
  VerifiableCredential,
} from '@veramo/core-types';
import { CredentialPlugin, type ICredentialProvider } from '@veramo/credential-w3c';
import { DIDManager, MemoryDIDStore } from '@veramo/did-manager';
import { AbstractKeyManagementSystem, KeyManager, MemoryKeyStore } from '@veramo/key-manager';
import { sha256 } from '@noble/hashes/sha2.js';
import { P256 } from 'ox';
import { createVerifiableCredentialJwt, type CredentialPayload } from 'did-jwt-vc';
import { DidWebProvider } from '../agent/did-web-provider.ts';
import { leastCpuMs } from './rounds.ts';

const CARDS = 2000;
const ROUNDS = 5;
const ISS = 'https://health.example.org/shc';

type StockAgent = IKeyManager & IDIDManager & ICredentialPlugin;

/**
 * CPU time of one `createVerifiableCredential` of Veramo as it comes, in microseconds: JWT of the claims of a Pass,
 * everything in memory, nothing verified, nothing kept. Once signed in JavaScript by noble's curves, as the key management
 * that comes with Veramo (@veramo/kms-local) does, and once by node:crypto, as ours.
 */
export async function stockVeramo(): Promise<{
  readonly stockMicros: number;
  readonly nodeCryptoMicros: number;
}> {
  const stock = await issuing(signInJavaScript);
  const nodeCrypto = await issuing((data, key) => sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }));
  const least = await leastCpuMs({ stock, nodeCrypto }, ROUNDS);
  return { stockMicros: (least.stock / CARDS) * 1000, nodeCryptoMicros: (least.nodeCrypto / CARDS) * 1000 };
}

type Sign = (data: Uint8Array, key: KeyObject) => Uint8Array;

function signInJavaScript(data: Uint8Array, key: KeyObject): Uint8Array {
  const secret = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  const { r, s } = P256.sign({ payload: sha256(data), privateKey: `0x${secret.toString('hex')}` });
  return Buffer.from([r, s].map((half) => half.slice(2).padStart(64, '0')).join(''), 'hex');
}

async function issuing(signWith: Sign): Promise<() => Promise<void>> {
  const agent = createAgent<StockAgent>({
    plugins: [
      new KeyManager({ store: new MemoryKeyStore(), kms: { node: new MemoryKms(signWith) } }),
      new DIDManager({
        store: new MemoryDIDStore(),
        defaultProvider: 'did:web',
        providers: { 'did:web': new DidWebProvider() },
      }),
      new CredentialPlugin([new JwtProvider()]),
    ],
  });
  const { did } = await agent.didManagerCreate({ alias: ISS, provider: 'did:web', options: { iss: ISS } });
  await agent.didManagerAddKey({
    did,
    key: await agent.keyManagerCreate({ kms: 'node', type: 'Secp256r1' }),
  });
  return async () => {
    for (let number = 0; number < CARDS; number++) {
      await agent.createVerifiableCredential({ credential: credentialOf(did, number), proofFormat: 'jwt' });
    }
  };
}

function credentialOf(did: string, number: number): ICreateVerifiableCredentialArgs['credential'] {
  return {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiableCredential', 'HealthPass'],
    issuer: did,
    issuanceDate: '2026-11-26T12:00:00Z',
    expirationDate: '2027-11-26T12:00:00Z',
    credentialSubject: {
      name: { family: `Nobody ${number}`, given: ['Nora'] },
      birthDate: '1980-02-29',
      passType: 'vaccination',
    },
    credentialStatus: {
      id: `${ISS}/status#${number}`,
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: String(number),
      statusListCredential: `${ISS}/status`,
    },
  };
}

class MemoryKms extends AbstractKeyManagementSystem {
  readonly #keys = new Map<string, KeyObject>();
  readonly #sign: Sign;

  constructor(signWith: Sign) {
    super();
    this.#sign = signWith;
  }

  async createKey(): Promise<ManagedKeyInfo> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const publicKeyHex = publicKey.export({ format: 'der', type: 'spki' }).toString('hex');
    this.#keys.set(publicKeyHex, privateKey);
    return {
      kid: publicKeyHex,
      kms: 'node',
      type: 'Secp256r1',
      publicKeyHex,
      meta: { algorithms: ['ES256'] },
    };
  }

  async sign({ keyRef, data }: { keyRef: { kid: string }; data: Uint8Array }): Promise<string> {
    const key = this.#keys.get(keyRef.kid);
    if (key === undefined) throw new Error('There is no such key.');
    return Buffer.from(this.#sign(data, key)).toString('base64url');
  }

  importKey = refuse;
  listKeys = refuse;
  deleteKey = refuse;
  sharedSecret = refuse;
}

/** As Veramo's own provider of JWTs (@veramo/credential-jwt) goes about it. */
class JwtProvider implements ICredentialProvider {
  getProofFormatsSupportedForKey(): string[] {
    return ['jwt'];
  }

  canIssueProofFormat(): boolean {
    return true;
  }

  canVerifyDocumentType(): boolean {
    return false;
  }

  async createVerifiableCredential(
    { credential }: ICreateVerifiableCredentialArgs,
    { agent }: IssuerAgentContext,
  ): Promise<VerifiableCredential> {
    const { issuer: said } = credential;
    const issuer = await agent.didManagerGet({ did: typeof said === 'string' ? said : said.id });
    const [key] = issuer.keys;
    if (key === undefined) throw new Error('The issuer has no key.');
    const signer = async (data: string | Uint8Array): Promise<string> =>
      agent.keyManagerSign({ keyRef: key.kid, algorithm: 'ES256', data: String(data), encoding: 'utf-8' });
    const jwt = await createVerifiableCredentialJwt(
      credential as CredentialPayload,
      { did: issuer.did, signer, alg: 'ES256' },
      { removeOriginalFields: true },
    );
    return { ...credential, proof: { type: 'JwtProof2020', jwt } } as VerifiableCredential;
  }

  createVerifiablePresentation = refuse;
  verifyCredential = refuse;
  verifyPresentation = refuse;
}

async function refuse(): Promise<never> {
  throw new Error('No part of the benchmark.');
}
