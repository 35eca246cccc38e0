import { list, record, ShapeError, text } from '../../credential/strict-reader.ts';
import { readIssuerAddress } from './issuer-address.ts';

/** An issuer's service that whoever serves this wallet names. */
export interface OfferedIssuer {
  readonly url: string;
  readonly name: string;
}

const line = text(/\S/, 300);
const readOffer = record({ issuers: list(record<OfferedIssuer>({ url: line, name: line })) });
const MAX_ISSUERS = 200;

/**
 * What the wallet's own server answers at /wallet: whom to ask for passes, by addresses that may be asked. Nothing of what
 * is malformed: any other address can still be typed.
 */
export function readOfferedIssuers(json: unknown, fromLoopback: boolean): readonly OfferedIssuer[] {
  try {
    return readOffer(json)
      .issuers.slice(0, MAX_ISSUERS)
      .flatMap(({ url, name }) => {
        const address = readIssuerAddress(url, fromLoopback);
        return address === undefined ? [] : [{ url: address, name }];
      });
  } catch (error) {
    if (error instanceof ShapeError) return [];
    throw error;
  }
}
