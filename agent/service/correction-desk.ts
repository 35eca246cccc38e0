import type { Request } from 'express';
import { z } from 'zod/v4';
import { mediaGuard } from '../../verifier/http/body.ts';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { Problem } from '../../verifier/http/problem.ts';
import type { FhirBundle } from '../../credential/fhir-bundle.ts';
import type { Candidate } from '../records/record-source.ts';
import { CORRECTION_OUTCOMES, type CorrectionOutcome } from '../retrieval/correction-words.ts';
import type { Correction } from '../retrieval/corrections.ts';
import { CORRECTION_STATE } from './correction-endpoints.ts';
import { problemOf, PROBLEMS } from './problems.ts';
import type { ReadBody } from './read-body.ts';
import { bodyOf, type Residents } from './residents.ts';
import { callerOf, needs, type WhoAsks } from './who-asks.ts';

const JSON_TYPE = 'application/json';
const OUTCOME = z.enum(Object.keys(CORRECTION_OUTCOMES) as [CorrectionOutcome, ...CorrectionOutcome[]]);

/** Nobody works through more in a day; an answer must not grow with whoever floods the desk. */
const MOST_SHOWN = 500;

const LIST_REQUEST = z.strictObject({ state: CORRECTION_STATE.optional() });

const TAKE_REQUEST = z.strictObject({
  number: z.string().max(100),
  over: z.boolean().optional().meta({ description: 'Take it over from whoever works on it.' }),
});

const RESOLVE_REQUEST = z.strictObject({
  number: z.string().max(100),
  outcome: OUTCOME,
  unlock: z
    .boolean()
    .optional()
    .meta({ description: 'Let the person try codes again; needs the scope admin too.' }),
  found: z
    .array(
      z.strictObject({
        name: z.array(z.record(z.string(), z.unknown())).max(30),
        birthDate: z.string().max(10),
      }),
    )
    .max(10)
    .optional()
    .meta({
      description: 'Names and birth date of the Patients that are this person, as found in the sources.',
    }),
});

const CORRECTION = z
  .strictObject({
    number: z.string(),
    state: CORRECTION_STATE,
    outcome: OUTCOME.nullable(),
    clerk: z.string().nullable().meta({ description: 'Id of the client that works or worked on it.' }),
    family: z.string(),
    given: z.string(),
    birthDate: z.string(),
    postalCode: z.string(),
    words: z.string(),
    reach: z.string().nullable(),
    step: z.string().nullable().meta({ description: 'At which the retrieval failed.' }),
    unasked: z.array(z.string()).meta({ description: 'Sources that could not be asked then.' }),
    filedAt: z.number(),
    changedAt: z.number(),
  })
  .meta({ id: 'Correction' });

/** What the addresses of staff need. */
export interface CorrectionDesk extends WhoAsks {
  readonly residents: Pick<Residents, 'corrections'>;
  readonly readBody: ReadBody;
}

/** `POST /corrections/list`, `/corrections/take` and `/corrections/resolve`: staff put records right. */
export function correctionDesk(desk: CorrectionDesk): readonly Endpoint[] {
  const { corrections } = desk.residents;
  return [
    staffEndpoint(desk, {
      path: '/corrections/list',
      summary: `Correction requests, or those in a state: the oldest ${MOST_SHOWN}, and how many there are.`,
      takes: LIST_REQUEST,
      gives: z.strictObject({ corrections: z.array(CORRECTION), total: z.number() }),
      answer: async ({ state }, request) => {
        const all = await corrections.list(state);
        const oldest = all.slice(0, MOST_SHOWN).map(shown);
        await corrections.seen(callerOf(request).client, oldest.length);
        return { corrections: oldest, total: all.length };
      },
    }),
    staffEndpoint(desk, {
      path: '/corrections/take',
      summary: 'Begin to work on a correction request.',
      takes: TAKE_REQUEST,
      gives: CORRECTION,
      answer: async ({ number, over = false }, request) =>
        shown(await corrections.take(number, callerOf(request).client, { over })),
    }),
    staffEndpoint(desk, {
      path: '/corrections/resolve',
      summary: 'End a correction request that one works on, and let its person try codes again.',
      takes: RESOLVE_REQUEST,
      gives: CORRECTION,
      answer: async ({ number, outcome, unlock: asked = false, found = [] }, request) => {
        const { client, scopes } = callerOf(request);
        // Whoever is told that they may ask again may.
        const unlock = asked || outcome === 'unlocked';
        if (unlock && !scopes.has('admin')) throw new Problem(PROBLEMS.SCOPE_MISSING);
        const resolution = { outcome, unlock, found: found.map(candidateOf) };
        return shown(await corrections.resolve(number, client, resolution));
      },
    }),
  ];
}

function staffEndpoint<T extends z.ZodType, G extends z.ZodType>(
  desk: CorrectionDesk,
  {
    path,
    summary,
    takes,
    gives,
    answer,
  }: {
    readonly path: string;
    readonly summary: string;
    readonly takes: T;
    readonly gives: G;
    readonly answer: (asked: z.infer<T>, request: Request) => Promise<z.infer<G>>;
  },
): Endpoint {
  return {
    method: 'post',
    path,
    summary,
    takes: { [JSON_TYPE]: takes },
    gives: { [JSON_TYPE]: gives },
    problems: [
      PROBLEMS.REQUEST_INCOMPLETE,
      PROBLEMS.JSON_INVALID,
      PROBLEMS.BODY_INVALID,
      PROBLEMS.UNAUTHORIZED,
      PROBLEMS.SCOPE_MISSING,
      PROBLEMS.ORIGIN_NOT_ALLOWED,
      PROBLEMS.CORRECTION_UNKNOWN,
      PROBLEMS.CORRECTION_STATE,
      PROBLEMS.BODY_TOO_LARGE,
      PROBLEMS.CONTENT_TYPE_UNSUPPORTED,
      PROBLEMS.CORRECTION_INVALID,
      PROBLEMS.STORE_UNAVAILABLE,
      PROBLEMS.BUSY,
    ],
    handlers: [
      mediaGuard([JSON_TYPE]),
      needs(desk, 'records'),
      async (request, response) => {
        const asked = await bodyOf(request, desk.readBody, takes);
        try {
          response.json(await answer(asked, request));
        } catch (error) {
          throw problemOf(error);
        }
      },
    ],
  };
}

/** Without the tags that stand for the person in the store. */
function shown({
  tags: _tags,
  retrieval: _retrieval,
  reach = '',
  ...rest
}: Correction): z.infer<typeof CORRECTION> {
  return { ...rest, reach: reach === '' ? null : reach, unasked: [...rest.unasked] };
}

/** As far as it says who somebody is. */
function candidateOf(patient: { readonly name: readonly unknown[]; readonly birthDate: string }): Candidate {
  const bundle: FhirBundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ resource: { resourceType: 'Patient', ...patient } }],
  };
  return { source: '', bundle, contacts: [], postalCodes: [] };
}
