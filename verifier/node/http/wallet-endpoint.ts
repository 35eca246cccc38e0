import { z } from 'zod/v4';
import type { Endpoint } from '../../http/endpoint.ts';

/** An issuer's service that residents may retrieve passes from. */
export interface NamedIssuer {
  readonly url: string;
  readonly name: string;
}

const WALLET = z
  .strictObject({
    issuers: z
      .array(z.strictObject({ url: z.string(), name: z.string() }))
      .meta({ description: 'Services that whoever serves this wallet offers to choose from.' }),
  })
  .meta({ id: 'Wallet' });

/** What a wallet's page has to know besides the trust data: where passes are to be had. */
export function walletEndpoint(issuers: readonly NamedIssuer[]): Endpoint {
  return {
    method: 'get',
    path: '/wallet',
    summary: 'What this wallet offers: issuers’ services to retrieve passes from.',
    gives: { 'application/json': WALLET },
    problems: [],
    handlers: [
      (_request, response) => {
        response.json({ issuers });
      },
    ],
  };
}
