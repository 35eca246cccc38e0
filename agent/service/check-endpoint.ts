import { z } from 'zod/v4';
import { parseBundle } from '../../credential/fhir-bundle.ts';
import { mediaGuard } from '../../verifier/http/body.ts';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { readJson } from '../../verifier/http/json-body.ts';
import { Problem } from '../../verifier/http/problem.ts';
import type { Issuer } from '../issuer.ts';
import { checkProducts, recordFacts } from '../product-check.ts';
import { PRODUCTS, type ProductName } from '../products.ts';
import { CLIENT_JSON_PROBLEMS, problemOf, PROBLEMS } from './problems.ts';
import type { ReadBody } from './read-body.ts';
import { needs, type WhoAsks } from './who-asks.ts';

const JSON_TYPE = 'application/json';
const PRODUCT = z.enum(Object.keys(PRODUCTS) as [ProductName, ...ProductName[]]);

const REQUEST = z.strictObject({
  credential: z.strictObject({
    credentialSubject: z.strictObject({ fhirBundle: z.record(z.string(), z.unknown()) }),
  }),
});

const DOSE = z.strictObject({
  date: z.string(),
  vaccine: z.string().nullable(),
  codes: z.array(z.string()),
  performers: z.array(z.string()),
  counts: z.boolean().meta({ description: 'Whether the series counts it.' }),
});

const TEST = z.strictObject({
  date: z.string(),
  at: z.number().nullable(),
  kinds: z.array(z.string()),
  codes: z.array(z.string()),
  result: z.string(),
  performers: z.array(z.string()),
});

const ANSWER = z
  .strictObject({
    countedBy: z.string().meta({ description: 'The value set, with its version.' }),
    timeZone: z.string().meta({ description: 'IANA name of the zone that days are counted in.' }),
    products: z.array(
      z.discriminatedUnion('qualified', [
        z.strictObject({
          product: PRODUCT,
          qualified: z.literal(true),
          until: z.number().nullable().meta({ description: 'exp, Unix seconds; null without an end.' }),
        }),
        z.strictObject({
          product: PRODUCT,
          qualified: z.literal(false),
          reason: z.string(),
          doses: z.number().nullable(),
          needed: z.number().nullable(),
          evidenceDay: z.string().nullable(),
          from: z.string().nullable(),
        }),
      ]),
    ),
    facts: z.strictObject({
      doses: z.array(DOSE),
      tests: z.array(TEST),
      unread: z.strictObject({ doses: z.number(), tests: z.number() }),
    }),
  })
  .meta({ id: 'CredentialCheck' });

/** `POST /credentials/check`: what each product would say of a record. It signs nothing, and nothing is kept. */
export function checkEndpoint(
  environment: WhoAsks & { readonly issuer: Issuer; readonly readBody: ReadBody },
): Endpoint {
  const { issuer, readBody, clock } = environment;
  return {
    method: 'post',
    path: '/credentials/check',
    summary: 'Whether a record qualifies for each product, and the reason if not. Nothing is signed.',
    takes: { [JSON_TYPE]: REQUEST },
    gives: { [JSON_TYPE]: ANSWER },
    problems: [...CLIENT_JSON_PROBLEMS, PROBLEMS.RECORD_INVALID, PROBLEMS.NOT_READY, PROBLEMS.BUSY],
    handlers: [
      mediaGuard([JSON_TYPE]),
      needs(environment, 'issue', 'records'),
      async (request, response) => {
        const { data } = REQUEST.safeParse(readJson(await readBody(request)));
        if (data === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
        try {
          const kept = await issuer.policy.kept();
          const policy = await issuer.policy.counting();
          const bundle = parseBundle(data.credential.credentialSubject.fhirBundle);
          const now = clock();
          const products = checkProducts(issuer.identity, bundle, policy, now);
          response.json({
            countedBy: policy.name,
            timeZone: kept.timeZone,
            products,
            facts: recordFacts(bundle, policy, now),
          });
        } catch (error) {
          throw problemOf(error);
        }
      },
    ],
  };
}
