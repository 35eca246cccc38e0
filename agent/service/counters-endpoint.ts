import { z } from 'zod/v4';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import type { Issuer } from '../issuer.ts';
import { RETRIEVAL_STEPS, type RetrievalSummary } from '../retrieval/retrieval-counters.ts';
import { PROBLEMS } from './problems.ts';
import { needs, type WhoAsks } from './who-asks.ts';

const ANSWER = z
  .strictObject({
    days: z.number().meta({ description: 'Of the retrievals: so many days, today among them.' }),
    retrieval: z
      .strictObject({
        steps: z.record(z.enum(RETRIEVAL_STEPS), z.number()),
        successRate: z
          .number()
          .nullable()
          .meta({ description: 'Completed of those begun; null if none was.' }),
      })
      .nullable()
      .meta({ description: 'null where retrieval is not served.' }),
    cards: z.strictObject({
      taken: z
        .number()
        .meta({ description: 'Places taken in the status lists: the cards, and a few that became none.' }),
      revoked: z.record(z.string(), z.number()).meta({ description: 'By reason.' }),
      waiting: z.number().meta({ description: 'Revocations that the chain does not hold yet.' }),
    }),
  })
  .meta({ id: 'Counters' });

const DAYS = 90;

/** What the counters are read from. */
export interface CountersEnvironment extends WhoAsks {
  readonly issuer: Issuer;
  /** Of so many days; undefined where retrieval is not served. */
  readonly retrievals: (days: number) => RetrievalSummary | undefined;
}

/** `GET /counters`: how retrievals end and how many cards there are; of nobody in particular. */
export function countersEndpoint(environment: CountersEnvironment): Endpoint {
  const { issuer, retrievals } = environment;
  return {
    method: 'get',
    path: '/counters',
    summary: 'How retrievals end, step by step, and how many cards are issued and revoked.',
    gives: { 'application/json': ANSWER },
    problems: [PROBLEMS.UNAUTHORIZED, PROBLEMS.SCOPE_MISSING],
    handlers: [
      needs(environment, 'records', 'audit'),
      (_request, response) => {
        response.json({ days: DAYS, retrieval: retrievals(DAYS) ?? null, cards: issuer.cards.counts() });
      },
    ],
  };
}
