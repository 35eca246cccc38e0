import type { Request, Response } from 'express';
import { z } from 'zod/v4';
import { mediaGuard } from '../../verifier/http/body.ts';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { Problem } from '../../verifier/http/problem.ts';
import { NotQualified } from '../card-issuance.ts';
import { PRODUCTS, type ProductName } from '../products.ts';
import { sharesOf } from '../records/merge-records.ts';
import { assertHolder } from '../retrieval/holder-proof.ts';
import type { Completion } from '../retrieval/retrieved-cards.ts';
import { answerOf, ISSUE_ANSWER } from './credential-endpoints.ts';
import { PROBLEMS } from './problems.ts';
import type { ReadBody } from './read-body.ts';
import {
  bodyOf,
  LANGUAGE,
  languageOf,
  NAME,
  originOf,
  RESIDENT_PROBLEMS,
  toldResident,
  type Residents,
} from './residents.ts';

const JSON_TYPE = 'application/json';

const RETRIEVE_REQUEST = z.strictObject({
  name: NAME,
  birthDate: z.string().meta({ description: 'YYYY-MM-DD.' }),
  zip: z.string().meta({ description: 'Five digits, or ZIP+4.' }),
  language: LANGUAGE,
});

const RETRIEVE_ANSWER = z
  .strictObject({
    id: z.string().meta({ description: 'Whoever has it may try codes: keep it to yourself.' }),
    until: z.number().meta({ description: 'Unix seconds at which the code ends.' }),
    codeDigits: z.number(),
  })
  .meta({ id: 'RetrievalBegun' });

const PROGRESS_REQUEST = z.strictObject({ id: z.string().max(100) });

const PROGRESS_ANSWER = z
  .strictObject({
    state: z.enum(['looking', 'looked', 'opened', 'ended']),
    triesLeft: z.number(),
    down: z.array(z.string()).meta({ description: 'Sources that are down for everybody.' }),
  })
  .meta({ id: 'RetrievalProgress' });

const WANTED = {
  id: z.string().max(100),
  product: z.enum(Object.keys(PRODUCTS) as [ProductName, ...ProductName[]]),
  holder: z
    .strictObject({
      id: z.string().max(1000).meta({ description: 'did:jwk or did:key of a P-256 key.' }),
      proof: z
        .string()
        .max(4096)
        .meta({ description: 'openid4vci-proof+jwt by its key: aud this service, nonce the id, iat now.' }),
    })
    .optional()
    .meta({ description: 'To bind a Pass to a wallet.' }),
  language: LANGUAGE,
};

const COMPLETE_REQUEST = z.union([
  z.strictObject({ ...WANTED, code: z.string().max(40) }),
  z.strictObject({
    ...WANTED,
    token: z.string().max(100).meta({ description: 'Of an answer to the code: for another product.' }),
  }),
]);

const COMPLETE_ANSWER = ISSUE_ANSWER.extend({
  retrieval: z.strictObject({
    token: z.string(),
    until: z.number().meta({ description: 'Unix seconds until which the token asks for another product.' }),
  }),
  records: z
    .array(z.strictObject({ source: z.string(), doses: z.number(), tests: z.number() }))
    .meta({ description: 'Which sources know the person, and how much.' }),
}).meta({ id: 'RetrievedCredential' });

/** What the addresses of retrieval need. */
export interface RetrievalEnvironment {
  readonly residents: Pick<Residents, 'retrieval' | 'cards'>;
  /** Under which wallets reach the service: the audience of their proofs. */
  readonly base: string;
  /** Unix seconds. */
  readonly clock: () => number;
  readonly readBody: ReadBody;
}

/** `POST /retrieve`, `/retrieve/progress` and `/retrieve/complete`: a resident's own pass, for a code to the contact on record. */
export function retrievalEndpoints(environment: RetrievalEnvironment): readonly Endpoint[] {
  const { residents, readBody } = environment;
  return [
    {
      method: 'post',
      path: '/retrieve',
      open: true,
      summary:
        'Begin to retrieve a pass: a code goes to the contact on record. The answer is the same for everybody.',
      takes: { [JSON_TYPE]: RETRIEVE_REQUEST },
      gives: { [JSON_TYPE]: RETRIEVE_ANSWER },
      status: 202,
      problems: [...RESIDENT_PROBLEMS, PROBLEMS.RETRIEVAL_INVALID, PROBLEMS.RETRIEVAL_LOCKED],
      handlers: [
        mediaGuard([JSON_TYPE]),
        async (request, response) => {
          const { name, birthDate, zip, language: said } = await bodyOf(request, readBody, RETRIEVE_REQUEST);
          const language = languageOf(request, said);
          const person = {
            family: name.family,
            given: name.given.join(' '),
            birthDate,
            postalCode: zip,
            language,
          };
          try {
            response.status(202).json(await residents.retrieval.begin(person, originOf(request)));
          } catch (error) {
            throw toldResident(error, response, language);
          }
        },
      ],
    },
    {
      method: 'post',
      path: '/retrieve/progress',
      open: true,
      summary: 'How far a retrieval is: the same whether or not anybody was found.',
      takes: { [JSON_TYPE]: PROGRESS_REQUEST },
      gives: { [JSON_TYPE]: PROGRESS_ANSWER },
      problems: RESIDENT_PROBLEMS,
      handlers: [
        mediaGuard([JSON_TYPE]),
        async (request, response) => {
          const { id } = await bodyOf(request, readBody, PROGRESS_REQUEST);
          try {
            response.json(await residents.retrieval.progress(id));
          } catch (error) {
            throw toldResident(error, response, languageOf(request, undefined));
          }
        },
      ],
    },
    {
      method: 'post',
      path: '/retrieve/complete',
      open: true,
      summary:
        'A card for the code, bound to a wallet if it proves its key; with the token of that answer another.',
      takes: { [JSON_TYPE]: COMPLETE_REQUEST },
      gives: { [JSON_TYPE]: COMPLETE_ANSWER },
      status: 201,
      problems: [
        ...RESIDENT_PROBLEMS,
        PROBLEMS.PROOF_INVALID,
        PROBLEMS.HOLDER_NOT_BOUND,
        PROBLEMS.CODE_WRONG,
        PROBLEMS.RETRIEVAL_LOCKED,
        PROBLEMS.RETRIEVAL_ENDED,
        PROBLEMS.RETRIEVAL_INVALID,
        PROBLEMS.NOT_QUALIFIED,
        PROBLEMS.NOT_PLAUSIBLE,
        PROBLEMS.RECORD_INVALID,
        PROBLEMS.CARD_TOO_LARGE,
        PROBLEMS.NOT_READY,
      ],
      handlers: [
        mediaGuard([JSON_TYPE]),
        async (request, response) => {
          await complete(environment, request, response);
        },
      ],
    },
  ];
}

async function complete(
  { residents, base, clock, readBody }: RetrievalEnvironment,
  request: Request,
  response: Response,
): Promise<void> {
  const asked = await bodyOf(request, readBody, COMPLETE_REQUEST);
  const { id, product, holder } = asked;
  const language = languageOf(request, asked.language);
  let completion: Completion;
  try {
    if (holder !== undefined) {
      if (PRODUCTS[product].profile !== 'pass') throw new Problem(PROBLEMS.HOLDER_NOT_BOUND);
      // Before anything is looked at, and before the code: a slip of the wallet's costs no code, and tells nothing.
      await assertHolder(
        { did: holder.id, proof: holder.proof },
        { audience: base, nonce: id, now: clock() },
      );
    }
    const by = 'code' in asked ? { code: asked.code } : { token: asked.token };
    completion = await residents.cards.card({ id, by, product, holder: holder?.id }, originOf(request));
  } catch (error) {
    throw toldResident(error, response, language);
  }
  const { opened, outcome } = completion;
  const retrieval = { token: opened.token, until: opened.until };
  if (outcome.kind === 'refused') {
    const { error } = outcome;
    const details = error instanceof NotQualified ? { details: error.details } : {};
    throw toldResident(error, response, language, { retrieval, product, ...details });
  }
  response.status(201).json({ ...answerOf(outcome.card), retrieval, records: sharesOf(opened.records) });
}
