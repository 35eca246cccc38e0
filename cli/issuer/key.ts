import { connectIssuer, type ChainOptions } from './connect.ts';
import { registerSigningKey } from './register-key.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface KeyOptions extends IssuerOptions, ChainOptions {
  readonly kid?: string;
  readonly days: number;
}

/** Makes a key; with a registry said or remembered, proves its possession there. */
export async function runKey(options: KeyOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const chainless =
      options.rpc === undefined && options.registry === undefined && issuer.registry === undefined;
    if (chainless && options.kid === undefined) {
      const { kid, x, y } = await issuer.createSigningKey();
      report(options, { kid, x, y, registered: false }, [
        `Key ${kid} made.`,
        '  next     register it: `pratique issuer key --kid … --rpc … --registry …`',
      ]);
      return;
    }
    const { client, binding } = await connectIssuer(issuer, options);
    const now = Math.floor(Date.now() / 1000);
    const { key, window, block, gas, txHash } = await registerSigningKey(issuer, client, {
      now,
      window: { validFrom: now, validUntil: now + options.days * 86_400 },
      ...(options.kid === undefined ? {} : { kid: options.kid }),
    });
    const { kid, x, y } = key;
    const json = { kid, x, y, registered: true, ...window, issuerId: binding.issuerId, block, txHash };
    report(options, { ...json, gas: gas === undefined ? undefined : Number(gas) }, [
      block === undefined
        ? `Key ${kid} stands in registry ${binding.registry} already.`
        : `Key ${kid} registered with proof of possession in block ${block}, ${gas} gas.`,
      `  signs    until ${new Date(window.validUntil * 1000).toISOString()}`,
      '  next     `pratique issuer anchor`, then it can issue',
    ]);
  });
}
