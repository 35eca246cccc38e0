import { anchorStatus } from './anchor.ts';
import { connectIssuer, type ChainOptions } from './connect.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface AnchorOptions extends IssuerOptions, ChainOptions {
  readonly out: string;
  readonly ifChanged?: boolean;
}

/** Anchors all lists, then writes the files that venues read: in this order, so that no file is ahead of the chain. */
export async function runAnchor(options: AnchorOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const { client, binding } = await connectIssuer(issuer, options);
    const anchored = await anchorStatus(issuer, client, {
      rpcUrl: binding.rpcUrl,
      ifChanged: options.ifChanged === true,
    });
    const lists = [];
    for (const each of anchored) {
      const file = await issuer.publishStatus(each.kid, options.out);
      lists.push({ ...each, gas: each.gas === undefined ? undefined : Number(each.gas), file });
    }
    report(
      options,
      { lists },
      lists.flatMap(({ kid, counter, length, revoked, block, gas, file }) => [
        block === undefined
          ? `List ${kid}: unchanged, counter ${counter} on the chain.`
          : `List ${kid}: anchored as counter ${counter} in block ${block}, ${gas} gas.`,
        `  ${revoked} of ${length} bits revoked; written to ${file}`,
      ]),
    );
  });
}
