import { keySetOf, writeKeySet } from '../../agent/key-set.ts';
import type { Issuer } from '../../agent/issuer.ts';
import { withProgress } from '../trust/progress.ts';
import { cleanText } from '../display.ts';
import { connectIssuer, type ChainOptions, type Connection } from './connect.ts';
import { learnRegistry } from './learn-registry.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface EndKeyOptions extends IssuerOptions, ChainOptions {
  readonly out: string;
}

/** How a key ends: what the registry is told, and what that means for the cards it signed. */
const ENDINGS = {
  retired: { write: 'retireKey', sentence: 'is retired: it signs no more, and its cards stay good' },
  compromised: { write: 'compromiseKey', sentence: 'is reported stolen: none of its cards is good' },
} as const;
export type KeyEnding = keyof typeof ENDINGS;

/**
 * `pratique issuer key retire|compromise`: the chain first, which is what venues go by, then the issuer's own record and
 * the key set.
 *
 * Safe to repeat, however far the last try got: a key that the registry holds as ended already is only recorded here.
 */
export async function runEndKey(kid: string, ending: KeyEnding, options: EndKeyOptions): Promise<void> {
  const { sentence } = ENDINGS[ending];
  await withIssuer(options, async (issuer) => {
    issuer.signingKeys.get(kid);
    const written = await withProgress('Waiting for the chain', async () =>
      endKey(issuer, await connectIssuer(issuer, options), kid, ending),
    );
    const file = await publishKeySet(issuer, options.out);
    const block = written?.block;
    report(options, { kid, state: ending, block, txHash: written?.txHash, file }, [
      `Key ${kid} ${sentence}${block === undefined ? '' : ` (block ${block})`}.`,
      `  written  ${file}`,
      ...(ending === 'compromised' ? ['  next     issue its cards anew with another key'] : []),
    ]);
  });
}

/** Ends a key on the chain, unless it holds it as ended so already, and in the issuer's own record; what was written is told. */
export async function endKey(
  issuer: Issuer,
  { client, binding }: Connection,
  kid: string,
  ending: KeyEnding,
): Promise<{ readonly block: number; readonly txHash: string } | undefined> {
  const { issuerId, rpcUrl, chainId, registry } = binding;
  const { state } = await client.keyOf(issuerId, kid);
  const written = state === ending ? undefined : await client[ENDINGS[ending].write](issuerId, kid);
  await issuer.signingKeys.recordEnd(kid, ending, Math.floor(Date.now() / 1000));
  await learnRegistry(issuer, { rpcUrl, registry, chainId });
  return written;
}

/** `pratique issuer key destroy`. */
export async function runDestroyKey(kid: string, options: IssuerOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const place = await issuer.placeOf(kid);
    await issuer.signingKeys.destroy(issuer.agent, kid, Math.floor(Date.now() / 1000));
    report(options, { kid, destroyed: true, ...place }, [
      place === undefined
        ? `The private part of key ${kid} is gone. Backups of this folder may still hold it.`
        : `The private part of key ${kid} is gone from token ${cleanText(place.token)}. Copies of the token may still hold it.`,
    ]);
  });
}

/** Write the key set as it stands; the answer is the file's path. */
export async function publishKeySet(issuer: Issuer, out: string): Promise<string> {
  return writeKeySet(
    out,
    keySetOf(issuer.keys(), (kid) => issuer.anchorOf(kid)?.counter),
  );
}
