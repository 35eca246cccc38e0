import type { Issuer } from '../../agent/issuer.ts';
import { anchorStatus, signAnchors } from './anchor.ts';
import { publishKeySet } from './end-key.ts';
import { connectIssuer, type ChainOptions, type Connection } from './connect.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface AnchorOptions extends IssuerOptions, ChainOptions {
  readonly out: string;
  readonly ifChanged?: boolean;
  readonly room?: number;
  readonly instructions?: string;
}

/** Anchors all lists, then writes the files that venues read: in this order, so that no file is ahead of the chain. */
export async function runAnchor(options: AnchorOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const connection = await connectIssuer(issuer, options);
    if (options.instructions !== undefined) {
      await sign(issuer, connection, { ...options, folder: options.instructions });
      return;
    }
    const { client, binding } = connection;
    const anchored = await anchorStatus(issuer, client, {
      rpcUrl: binding.rpcUrl,
      ifChanged: options.ifChanged === true,
      room: options.room ?? 0,
    });
    const keySet = await publishKeySet(issuer, options.out);
    const lists = [];
    for (const each of anchored) {
      const files = await issuer.publishStatus(each.kid, options.out);
      lists.push({
        ...each,
        gas: each.gas === undefined ? undefined : Number(each.gas),
        file: files[0],
        files,
      });
    }
    report(
      options,
      { lists, keySet },
      lists.flatMap(({ kid, counter, length, revoked, block, gas, file, files }) => [
        block === undefined
          ? `List ${kid}: unchanged, counter ${counter} on the chain.`
          : `List ${kid}: anchored as counter ${counter} in block ${block}, ${gas} gas.`,
        `  ${revoked} of ${length} bits revoked; written to ${file} and ${files.length - 1} files of other forms`,
      ]),
    );
  });
}

/** Signs what would be anchored. No file for venues is written: it would be ahead of the chain. */
async function sign(
  issuer: Issuer,
  { client, binding }: Connection,
  options: AnchorOptions & { readonly folder: string },
): Promise<void> {
  const signed = await signAnchors(issuer, client, {
    rpcUrl: binding.rpcUrl,
    folder: options.folder,
    room: options.room ?? 0,
  });
  report(
    options,
    { signed },
    signed.length === 0
      ? ['Every list stands on the chain as it is.']
      : [
          ...signed.map(({ kid, counter, file }) => `List ${kid}: counter ${counter}, signed into ${file}`),
          '  next     have them relayed, then `pratique issuer anchor --if-changed`',
        ],
  );
}
