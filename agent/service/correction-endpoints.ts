import { z } from 'zod/v4';
import { mediaGuard } from '../../verifier/http/body.ts';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
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

/** Where a request is. */
export const CORRECTION_STATE = z.enum(['open', 'in-work', 'done', 'refused']);

const CORRECTION_REQUEST = z.strictObject({
  name: NAME,
  birthDate: z.string().meta({ description: 'YYYY-MM-DD.' }),
  zip: z.string(),
  words: z.string().meta({ description: 'What is wrong, in 1,000 characters at most.' }),
  reach: z.string().optional().meta({ description: 'How staff may reach the person; 200 characters.' }),
  retrieval: z.string().max(100).optional().meta({ description: 'Id of the retrieval that failed.' }),
  language: LANGUAGE,
});

const FILED = z
  .strictObject({
    number: z.string().meta({ description: 'The tracking number: whoever has it learns the state.' }),
  })
  .meta({ id: 'CorrectionFiled' });

const STATUS_REQUEST = z.strictObject({ number: z.string().max(100), language: LANGUAGE });

const STATUS = z
  .strictObject({ state: CORRECTION_STATE, sentence: z.string(), changedAt: z.number() })
  .meta({ id: 'CorrectionStatus' });

/** `POST /corrections` and `/corrections/status`: whoever did not get the own pass asks staff to put it right. */
export function correctionEndpoints({
  residents: { corrections },
  readBody,
}: {
  readonly residents: Pick<Residents, 'corrections'>;
  readonly readBody: ReadBody;
}): readonly Endpoint[] {
  return [
    {
      method: 'post',
      path: '/corrections',
      open: true,
      summary: 'Ask staff to put a record right; the answer is a tracking number, for everybody alike.',
      takes: { [JSON_TYPE]: CORRECTION_REQUEST },
      gives: { [JSON_TYPE]: FILED },
      status: 201,
      problems: [...RESIDENT_PROBLEMS, PROBLEMS.RETRIEVAL_INVALID, PROBLEMS.CORRECTION_INVALID],
      handlers: [
        mediaGuard([JSON_TYPE]),
        async (request, response) => {
          const asked = await bodyOf(request, readBody, CORRECTION_REQUEST);
          const { name, zip, language, birthDate, words, reach, retrieval } = asked;
          const filed = {
            family: name.family,
            given: name.given.join(' '),
            birthDate,
            postalCode: zip,
            words,
            ...(reach === undefined ? {} : { reach }),
            ...(retrieval === undefined ? {} : { retrieval }),
          };
          try {
            response.status(201).json({ number: await corrections.file(filed, originOf(request)) });
          } catch (error) {
            throw toldResident(error, response, languageOf(request, language));
          }
        },
      ],
    },
    {
      method: 'post',
      path: '/corrections/status',
      open: true,
      summary: 'Where a correction request is, for whoever has its number.',
      takes: { [JSON_TYPE]: STATUS_REQUEST },
      gives: { [JSON_TYPE]: STATUS },
      problems: [...RESIDENT_PROBLEMS, PROBLEMS.CORRECTION_INVALID, PROBLEMS.CORRECTION_UNKNOWN],
      handlers: [
        mediaGuard([JSON_TYPE]),
        async (request, response) => {
          const { number, language: said } = await bodyOf(request, readBody, STATUS_REQUEST);
          const language = languageOf(request, said);
          try {
            response.json(await corrections.status(number, { ...originOf(request), language }));
          } catch (error) {
            throw toldResident(error, response, language);
          }
        },
      ],
    },
  ];
}
