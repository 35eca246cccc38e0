import { z } from 'zod/v4';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { Problem } from '../../verifier/http/problem.ts';
import type { Issuer } from '../issuer.ts';
import { IssuerError } from '../issuer-error.ts';
import { ASSERTION_ALGORITHMS } from './client-keys.ts';
import { PROBLEMS } from './problems.ts';
import { SCOPES } from './scope.ts';

const JSON_TYPE = 'application/json';

const SMART_CONFIGURATION = z
  .strictObject({
    token_endpoint: z.string(),
    grant_types_supported: z.array(z.string()),
    token_endpoint_auth_methods_supported: z.array(z.string()),
    token_endpoint_auth_signing_alg_values_supported: z.array(z.string()),
    scopes_supported: z.array(z.string()),
    capabilities: z.array(z.string()),
  })
  .meta({ id: 'SmartConfiguration' });

const STATE = z.strictObject({ status: z.enum(['ok', 'ready']) }).meta({ id: 'IssuerState' });

/** What anybody may ask of the issuer itself: its DID document, how to get a token, and whether it is well. */
export function publicEndpoints({
  issuer,
  tokenUrl,
  clock,
}: {
  readonly issuer: Issuer;
  readonly tokenUrl: string;
  /** Unix seconds. */
  readonly clock: () => number;
}): readonly Endpoint[] {
  return [
    {
      method: 'get',
      path: '/.well-known/did.json',
      summary: 'The DID document of this issuer, as the registry has it (did:web).',
      gives: { 'application/did+json': z.record(z.string(), z.unknown()) },
      problems: [PROBLEMS.NOT_FOUND],
      handlers: [
        async (_request, response) => {
          const { didDocument } = await issuer.agent.resolveDid({ didUrl: issuer.did });
          if (didDocument === null) throw new Problem(PROBLEMS.NOT_FOUND);
          response.setHeader('Access-Control-Allow-Origin', '*');
          response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
          response.setHeader('Cache-Control', 'public, max-age=300');
          response.setHeader('Content-Type', 'application/did+json');
          response.end(JSON.stringify(didDocument));
        },
      ],
    },
    {
      method: 'get',
      path: '/.well-known/smart-configuration',
      summary: 'How a client gets an access token (SMART App Launch, section 4.6).',
      gives: { [JSON_TYPE]: SMART_CONFIGURATION },
      problems: [],
      handlers: [
        (_request, response) => {
          response.setHeader('Access-Control-Allow-Origin', '*');
          response.json({
            token_endpoint: tokenUrl,
            grant_types_supported: ['client_credentials'],
            token_endpoint_auth_methods_supported: ['private_key_jwt'],
            token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
            scopes_supported: SCOPES,
            capabilities: ['client-confidential-asymmetric'],
          });
        },
      ],
    },
    {
      method: 'get',
      path: '/healthz',
      summary: 'Whether the process answers.',
      gives: { [JSON_TYPE]: STATE },
      problems: [],
      handlers: [
        (_request, response) => {
          response.json({ status: 'ok' });
        },
      ],
    },
    {
      method: 'get',
      path: '/readyz',
      summary: 'Whether a card could be issued now.',
      gives: { [JSON_TYPE]: STATE },
      problems: [PROBLEMS.NOT_READY],
      handlers: [
        (_request, response) => {
          try {
            issuer.assertReady(clock());
          } catch (error) {
            if (error instanceof IssuerError) throw new Problem(PROBLEMS.NOT_READY);
            throw error;
          }
          response.json({ status: 'ready' });
        },
      ],
    },
  ];
}
