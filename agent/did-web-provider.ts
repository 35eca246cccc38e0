import type { IIdentifier } from '@veramo/core-types';
import { AbstractIdentifierProvider } from '@veramo/did-manager';

import { didWebFromIss } from '../credential/did-web.ts';
import { IssuerError } from './issuer-error.ts';

/**
 * did:web identifiers made from an issuer's `iss`; the document is the registry's, nothing is put on a web server here.
 */
export class DidWebProvider extends AbstractIdentifierProvider {
  /** FormatError if `options.iss` is not an issuer URL. The identifier begins without keys. */
  async createIdentifier(args: { options?: { iss?: unknown } }): Promise<Omit<IIdentifier, 'provider'>> {
    const iss = args.options?.iss;
    if (typeof iss !== 'string') {
      throw new IssuerError('ISSUER_INVALID', 'An issuer identifier is made from its iss URL.');
    }
    return { did: didWebFromIss(iss), keys: [], services: [] };
  }

  /** Others learn of the key from the registry, so there is nothing to publish. */
  async addKey(): Promise<boolean> {
    return true;
  }

  /** IssuerError OPERATION_UNSUPPORTED: a key that is taken away takes the good cards it signed with it. */
  async removeKey(): Promise<never> {
    throw unsupported('Keys are retired in the registry, never removed from an identifier.');
  }

  async updateIdentifier(): Promise<never> {
    throw unsupported('The document of an issuer is what the registry says.');
  }

  async deleteIdentifier(): Promise<never> {
    throw unsupported('The identifier of an issuer is not deleted.');
  }

  async addService(): Promise<never> {
    throw unsupported('Issuer identifiers carry no services.');
  }

  async removeService(): Promise<never> {
    throw unsupported('Issuer identifiers carry no services.');
  }

  override matchPrefix(prefix: string): boolean {
    return prefix.startsWith('did:web');
  }
}

function unsupported(sentence: string): IssuerError {
  return new IssuerError('OPERATION_UNSUPPORTED', sentence);
}
