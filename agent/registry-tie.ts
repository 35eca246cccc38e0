import type { RegistryBinding } from './issuer-identity.ts';
import type { IssuerStore, Table } from './issuer-store.ts';
import { registryView, type LearnedTrust, type RegistryView } from './registry-resolver.ts';

/** An issuer's tie to the registry that accredits it: which one, and whom it said to trust when it was last read. */
export class RegistryTie {
  readonly #store: IssuerStore;
  readonly #bindings: Table<RegistryBinding>;
  readonly #views: Table<RegistryView>;
  #binding: RegistryBinding | undefined;
  #view: RegistryView = { issuers: [], keys: [] };

  private constructor(store: IssuerStore) {
    this.#store = store;
    this.#bindings = store.table('registry');
    this.#views = store.table('registry-view');
  }

  static async open(store: IssuerStore): Promise<RegistryTie> {
    const tie = new RegistryTie(store);
    tie.#binding = await tie.#bindings.get('binding');
    tie.#view = (await tie.#views.get('view')) ?? tie.#view;
    return tie;
  }

  get binding(): RegistryBinding | undefined {
    return this.#binding;
  }

  get view(): RegistryView {
    return this.#view;
  }

  async bind({ chainId, registry, issuerId, rpcUrl }: RegistryBinding): Promise<void> {
    const binding = { chainId, registry, issuerId, ...(rpcUrl === undefined ? {} : { rpcUrl }) };
    await this.#store.commit([this.#bindings.put('binding', binding)]);
    this.#binding = binding;
  }

  async learn(trust: LearnedTrust): Promise<void> {
    const view = registryView(trust);
    await this.#store.commit([this.#views.put('view', view)]);
    this.#view = view;
  }

  /** Whether the registry, as last learned, lets an issuer sign with a key: no venue would accept another's card. */
  lets(did: string, kid: string): boolean {
    const own = this.#view.issuers.find((issuer) => issuer.did === did);
    const key = this.#view.keys.find((each) => each.issuer === own?.id && each.kid === kid);
    return own?.status === 'active' && key?.state === 'active';
  }
}
