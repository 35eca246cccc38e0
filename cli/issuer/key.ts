import { withProgress } from '../trust/progress.ts';
import { resolve } from 'node:path';
import type { Issuer, TokenPlace } from '../../agent/issuer.ts';
import { cleanText } from '../display.ts';
import { UsageError } from '../exit.ts';
import { connectIssuer, type ChainOptions, type Connection } from './connect.ts';
import { registerSigningKey, signSigningKey, type KeyTerms } from './register-key.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface KeyOptions extends IssuerOptions, ChainOptions {
  readonly kid?: string;
  readonly pkcs11?: string;
  readonly token?: string;
  readonly days: number;
  readonly instruction?: string;
}

/** Makes a key; with a registry said or remembered, proves its possession there. */
export async function runKey(options: KeyOptions): Promise<void> {
  const place = placeOf(options);
  await withIssuer(options, async (issuer) => {
    const chainless =
      options.rpc === undefined && options.registry === undefined && issuer.registry === undefined;
    if (chainless && options.kid === undefined) {
      const { kid, x, y } = await issuer.createSigningKey(place);
      report(options, { kid, x, y, registered: false, ...place }, [
        place === undefined ? `Key ${kid} made.` : `Key ${kid} made on token ${cleanText(place.token)}.`,
        '  next     register it: `pratique issuer key --kid … --rpc … --registry …`',
      ]);
      return;
    }
    const connection = await connectIssuer(issuer, options);
    const now = Math.floor(Date.now() / 1000);
    const terms = {
      now,
      window: { validFrom: now, validUntil: now + options.days * 86_400 },
      ...(options.kid === undefined ? {} : { kid: options.kid }),
      ...(place === undefined ? {} : { place }),
    };
    if (options.instruction === undefined) await register(issuer, connection, terms, options);
    else await sign(issuer, connection, { ...terms, file: options.instruction }, options);
  });
}

/** The token that is said; relative to the working folder, the library is remembered by its whole path. */
function placeOf({ pkcs11, token, kid }: KeyOptions): TokenPlace | undefined {
  if (pkcs11 === undefined && token === undefined) return undefined;
  if (pkcs11 === undefined || token === undefined) {
    throw new UsageError(
      'A token is named by its library and its label: give --pkcs11 and --token together.',
    );
  }
  if (kid !== undefined) throw new UsageError('A key made before lies where it was made: leave out --kid.');
  return { module: resolve(pkcs11), token };
}

async function register(
  issuer: Issuer,
  { client, binding }: Connection,
  terms: KeyTerms,
  options: KeyOptions,
): Promise<void> {
  const { key, window, block, gas, txHash } = await withProgress('Waiting for the chain', async () =>
    registerSigningKey(issuer, client, terms),
  );
  const { kid, x, y } = key;
  const json = { kid, x, y, registered: true, ...window, issuerId: binding.issuerId, block, txHash };
  report(options, { ...json, gas: gas === undefined ? undefined : Number(gas) }, [
    block === undefined
      ? `Key ${kid} stands in registry ${binding.registry} already.`
      : `Key ${kid} registered with proof of possession in block ${block}, ${gas} gas.`,
    `  signs    until ${new Date(window.validUntil * 1000).toISOString()}`,
    '  next     `pratique issuer anchor`, then it can issue',
  ]);
}

async function sign(
  issuer: Issuer,
  { client, binding }: Connection,
  { file, ...terms }: KeyTerms & { readonly file: string },
  options: KeyOptions,
): Promise<void> {
  const signing = { instruction: file, after: 0 };
  const { key, window, deadline } = await signSigningKey(issuer, client, { ...terms, signing });
  const { kid, x, y } = key;
  const registered = deadline === undefined;
  const json = { kid, x, y, registered, ...window, issuerId: binding.issuerId };
  const said = registered
    ? [`Key ${kid} stands in registry ${binding.registry} already.`]
    : [
        `Key ${kid}: its registration is signed into ${file}.`,
        `  next     have it relayed until ${new Date(deadline * 1000).toISOString()}, then \`pratique issuer key\` again`,
      ];
  report(options, registered ? json : { ...json, file, deadline }, said);
}
