import { createAgent } from '@veramo/core';
import type { ICredentialPlugin, IDIDManager, IKeyManager, IResolver, TAgent } from '@veramo/core-types';
import { DIDManager } from '@veramo/did-manager';
import { DIDResolverPlugin } from '@veramo/did-resolver';
import { KeyManager } from '@veramo/key-manager';
import { Resolver } from 'did-resolver';

import { IssuerCredentialPlugin, type CheckStatus } from './credential-plugin.ts';
import { LevelDidStore } from './did-store.ts';
import { DidWebProvider } from './did-web-provider.ts';
import type { IssuerStore } from './issuer-store.ts';
import { LevelKeyStore } from './key-store.ts';
import { registryResolver, type RegistryView } from './registry-resolver.ts';
import { KEYSTORE_KMS, SignerKms, TOKEN_KMS, type KmsName } from './signer-kms.ts';
import type { Signer } from './signer.ts';
import { VcJwtLegacyProvider } from './vc-jwt-legacy-provider.ts';
import { VcJwtProvider } from './vc-jwt-provider.ts';

/** The Veramo agent of an issuer: its keys, its DID, a resolver over the registry, and both token formats. */
export type IssuerAgent = TAgent<IKeyManager & IDIDManager & IResolver & ICredentialPlugin>;

/**
 * Wires a Veramo agent to an issuer's store.
 *
 * `registry` is asked for the snapshot at every resolution, `now` for Unix seconds; without `checkStatus` no credential
 * that carries a status verifies.
 */
export function createIssuerAgent(options: {
  readonly store: IssuerStore;
  readonly signers: Readonly<Record<KmsName, Signer>>;
  readonly registry: () => RegistryView;
  readonly now: () => number;
  readonly checkStatus?: CheckStatus;
}): IssuerAgent {
  const { store, signers, registry, now, checkStatus = async () => 'unknown' as const } = options;
  const agent = createAgent<IKeyManager & IDIDManager & IResolver & ICredentialPlugin>({
    plugins: [
      new KeyManager({
        store: new LevelKeyStore(store),
        kms: {
          [KEYSTORE_KMS]: new SignerKms(KEYSTORE_KMS, signers[KEYSTORE_KMS]),
          [TOKEN_KMS]: new SignerKms(TOKEN_KMS, signers[TOKEN_KMS]),
        },
      }),
      new DIDManager({
        store: new LevelDidStore(store),
        defaultProvider: 'did:web',
        providers: { 'did:web': new DidWebProvider() },
      }),
      new DIDResolverPlugin({ resolver: new Resolver(registryResolver(registry)) }),
      new IssuerCredentialPlugin([new VcJwtProvider(now), new VcJwtLegacyProvider(now)], checkStatus),
    ],
    // Not schemaValidation: in Veramo 7 it makes every verification false.
  });
  keepCredentialsOutOfDebugLines(agent);
  return agent;
}

/** Veramo hands arguments and results of every call to `debug`, credentials included; this calls the methods alone. */
function keepCredentialsOutOfDebugLines(agent: IssuerAgent): void {
  const { methods } = agent as unknown as {
    methods: Record<string, (args: unknown, context: unknown) => Promise<unknown>>;
  };
  const execute = async (name: string, args: unknown): Promise<unknown> => {
    const method = methods[name];
    if (method === undefined) throw new TypeError(`The agent has no method ${name}.`);
    return method(args ?? {}, { agent });
  };
  Object.defineProperty(agent, 'execute', { value: execute });
}
