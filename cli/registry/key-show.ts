import { keyBurnMessage } from '../../contracts/key-burn.ts';
import { keyPossessionMessage } from '../../contracts/key-possession.ts';
import { moment } from '../../contracts/moment.ts';
import { encodeBase64url } from '../../credential/base64url.ts';
import { thumbprint } from '../../credential/jwk.ts';
import { anchorInWords } from './anchor.ts';
import type { KeyOptions, PointOptions } from './commands/key.ts';
import { connectReader, issuerNumber } from './connect.ts';
import type { RegistryOptions } from './options.ts';
import { print, window } from './print.ts';

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

/** `pratique registry key burn-message`. */
export async function showBurnMessage(options: RegistryOptions & PointOptions): Promise<void> {
  const client = await connectReader(options);
  const { x, y } = options;
  const { chainId, address: registry } = client;
  const message = encodeBase64url(keyBurnMessage({ chainId, registry, x, y }));
  print({ kid: thumbprint({ x, y }), message }, [message], options);
}

/** `pratique registry key show`. */
export async function showKey(issuer: string, kid: string, options: RegistryOptions): Promise<void> {
  const client = await connectReader(options);
  const issuerId = await issuerNumber(client, issuer);
  const key = await client.keyOf(issuerId, kid);
  const burned = await client.isBurned(kid);
  const anchor = await client.anchorOf(issuerId, kid);
  const origin = key.listed
    ? 'listed by the accreditor, without proof'
    : 'registered with proof of possession';
  print(
    { issuerId, kid, ...key, burned, anchor: anchor.counter === 0 ? null : anchor },
    key.state === 'none'
      ? [`Issuer ${issuerId} has no key ${kid}`, ...(burned ? ['it was burned'] : [])]
      : [
          `Key ${kid} of issuer ${issuerId} is ${key.state}${burned ? ', and burned by its own signature' : ''}`,
          origin,
          `signs ${window(key.validFrom, key.validUntil)}`,
          `cards are revoked by ${key.revocation === 'none' ? 'nothing' : key.revocation}`,
          anchor.counter === 0
            ? 'nothing anchored'
            : `anchored ${moment(anchor.time)}: ${anchorInWords(anchor)}`,
        ],
    options,
  );
}
