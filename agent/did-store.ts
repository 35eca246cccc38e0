import type { IIdentifier } from '@veramo/core-types';
import { AbstractDIDStore } from '@veramo/did-manager';

import { IssuerError } from './issuer-error.ts';
import type { IssuerStore, Table } from './issuer-store.ts';

/** Veramo's record of the identifiers this agent manages: in practice the issuer's one did:web. */
export class LevelDidStore extends AbstractDIDStore {
  readonly #store: IssuerStore;
  readonly #identifiers: Table<IIdentifier>;

  constructor(store: IssuerStore) {
    super();
    this.#store = store;
    this.#identifiers = store.table('identifiers');
  }

  async importDID(identifier: IIdentifier): Promise<boolean> {
    await this.#store.commit([this.#identifiers.put(identifier.did, identifier)]);
    return true;
  }

  /** IssuerError DID_UNKNOWN if there is none. */
  async getDID({ did, alias }: { did?: string; alias?: string }): Promise<IIdentifier> {
    const identifier =
      did === undefined
        ? (await this.listDIDs(alias === undefined ? {} : { alias }))[0]
        : await this.#identifiers.get(did);
    if (identifier === undefined || (did === undefined && alias === undefined)) {
      throw new IssuerError('DID_UNKNOWN', 'This agent manages no such identifier.');
    }
    return identifier;
  }

  async deleteDID({ did }: { did: string }): Promise<boolean> {
    if ((await this.#identifiers.get(did)) === undefined) return false;
    await this.#store.commit([this.#identifiers.del(did)]);
    return true;
  }

  async listDIDs({ alias, provider }: { alias?: string; provider?: string } = {}): Promise<IIdentifier[]> {
    const found: IIdentifier[] = [];
    for await (const [, identifier] of this.#identifiers.entries()) {
      if (alias !== undefined && identifier.alias !== alias) continue;
      if (provider !== undefined && identifier.provider !== provider) continue;
      found.push(identifier);
    }
    return found;
  }
}
