import { encodeBase64url } from '../../credential/base64url.ts';
import { thumbprint } from '../../credential/jwk.ts';
import { keyPossessionMessage } from '../../contracts/registry-client.ts';
import type { KeyOptions, RegistryOptions } from '../registry.ts';
import { connectReader, issuerNumber } from './connect.ts';
import { print, window } from './print.ts';

const NOBODY = /^0x0{40}$/;

/** `pratique registry issuer show`. */
export async function showIssuer(issuer: string, options: RegistryOptions): Promise<void> {
  const client = await connectReader(options);
  const issuerId = await issuerNumber(client, issuer);
  const state = await client.issuerOf(issuerId);
  const controller = NOBODY.test(state.controller) ? null : state.controller;
  print(
    { issuerId, ...state, controller },
    [
      `Issuer ${issuerId} is ${state.status}${state.status === 'none' ? '' : ` in ${state.jurisdiction}`}`,
      `accredited ${window(state.accreditedFrom, state.accreditedUntil)}, attestations ${state.attestations}`,
      controller === null ? 'only listed, no controller' : `controller ${controller}`,
    ],
    options,
  );
}

/** `pratique registry key message`: for a key that lives elsewhere, such as in a security module. */
export async function showKeyMessage(issuer: string, options: RegistryOptions & KeyOptions): Promise<void> {
  const client = await connectReader(options);
  const kid = thumbprint(options);
  const message = encodeBase64url(
    keyPossessionMessage({
      chainId: client.chainId,
      registry: client.address,
      issuerId: await issuerNumber(client, issuer),
      kid,
      validFrom: options.from,
      validUntil: options.until,
    }),
  );
  print({ kid, message }, [message], options);
}

/** `pratique registry head`. */
export async function showHead(options: RegistryOptions): Promise<void> {
  const client = await connectReader(options);
  const { head, size, block } = await client.logHead();
  print(
    { chainId: client.chainId, registry: client.address, head, size, block },
    [`${head} after ${size} events, at block ${block} of chain ${client.chainId}`],
    options,
  );
}
