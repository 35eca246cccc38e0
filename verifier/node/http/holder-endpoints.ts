import type { Request, RequestHandler } from 'express';
import { z } from 'zod/v4';
import { addressGroup } from '../../http/address-group.ts';
import type { BodyBudget } from '../../http/body-budget.ts';
import { mediaGuard, mediaType, wholeBody } from '../../http/body.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import { readJson } from '../../http/json-body.ts';
import { Problem } from '../../http/problem.ts';
import { languageFor } from '../../pipeline/words.ts';
import type { Decision } from '../../pipeline/decision.ts';
import type { HolderRequests } from '../holder-requests.ts';
import { judgeAnswer } from '../judge-answer.ts';
import type { Venue } from '../venue.ts';
import { VERIFY_ANSWER } from './answers.ts';
import { answerOf } from './decide-input.ts';
import type { Answer } from './decide-input.ts';
import { PROBLEMS } from './problems.ts';

/** What the addresses for holders need. */
export interface HolderEnvironment {
  readonly venue: Venue;
  readonly requests: HolderRequests;
  readonly bodies: BodyBudget;
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';
/** A presentation of ten cards. */
const MAX_BODY_BYTES = 500_000;

const ASK = z.strictObject({
  rules: z.string().max(200).optional().meta({
    description: 'The acceptance rules to hold the card against; counts only where the node itself has none.',
  }),
  event: z.number().nonnegative().optional().meta({
    description: 'When the event begins (Unix seconds), for rules that count back from it.',
  }),
});

const ASKED = z
  .strictObject({
    id: z.string().meta({ description: 'To ask for the answer with; not part of the code.' }),
    request: z.string().meta({ description: 'The text of the QR code: an OpenID4VP 1.0 request, signed.' }),
    expiresAt: z.number(),
  })
  .meta({ id: 'HolderRequest' });

const STATE = z
  .strictObject({
    state: z.enum(['open', 'answered']),
    answer: VERIFY_ANSWER.nullable(),
    presentation: z.string().nullable().meta({
      description: 'The vp+jwt that was taken, for a scanner that judges it by its own trust data too.',
    }),
  })
  .meta({ id: 'HolderRequestState' });

const ANSWER = z.strictObject({
  answer: z.string().meta({ description: 'The text of a QR code that a wallet showed, or a vp+jwt.' }),
});

/** OpenID4VP 1.0 section 8.1: by the id of each credential query, presentations. */
const VP_TOKEN = z.record(z.string(), z.array(z.string()).length(1));
/** Section 8.2: nothing more is for the wallet to do. */
const DIRECT_POST_ANSWER = z.strictObject({}).meta({ id: 'DirectPostAnswer' });

/** Where the answer of a wallet may be posted, also by a wallet of another origin. */
const PRESENTATIONS = '/presentations';

/** `POST /requests`, `GET /requests/:id` and `POST /presentations`. */
export function holderEndpoints(environment: HolderEnvironment): readonly Endpoint[] {
  const { requests, venue } = environment;
  return [
    {
      method: 'post',
      path: '/requests',
      summary:
        'Make a signed request that a wallet can read from a QR code, good for five minutes and one answer.',
      takes: { [JSON_TYPE]: ASK },
      gives: { [JSON_TYPE]: ASKED },
      problems: [
        PROBLEMS.JSON_INVALID,
        PROBLEMS.BODY_INVALID,
        PROBLEMS.ORIGIN_NOT_ALLOWED,
        PROBLEMS.BODY_TOO_LARGE,
      ],
      handlers: [
        mediaGuard([JSON_TYPE]),
        withBody(environment, (request, body) => {
          const { success, data } = ASK.safeParse(readJson(body));
          if (!success) throw new Problem(PROBLEMS.BODY_INVALID);
          // The host guard let this name in: it is one of ours.
          const responseUri = `${request.protocol}://${request.headers.host ?? ''}${PRESENTATIONS}`;
          return requests.open({ responseUri, ...data });
        }),
      ],
    },
    {
      method: 'get',
      path: '/requests/:id',
      summary: 'What became of a request.',
      gives: { [JSON_TYPE]: STATE },
      problems: [PROBLEMS.REQUEST_UNKNOWN],
      handlers: [
        (request, response) => {
          const { id } = request.params;
          const found = typeof id === 'string' ? requests.stateOf(id) : undefined;
          if (found === undefined) throw new Problem(PROBLEMS.REQUEST_UNKNOWN);
          const { state } = found;
          if (state === 'open') response.json({ state, answer: null, presentation: null });
          else {
            const answer = told(request, venue, found.decisions);
            response.json({ state, answer, presentation: found.presentation });
          }
        },
      ],
    },
    {
      method: 'post',
      path: PRESENTATIONS,
      // A wallet is a page of another origin, and what it posts proves itself.
      open: true,
      summary:
        'Answer a request: a wallet posts its vp_token (direct_post), a scanner the code that a wallet showed.',
      takes: { [JSON_TYPE]: ANSWER, [FORM_TYPE]: 'text' },
      gives: { [JSON_TYPE]: VERIFY_ANSWER.or(DIRECT_POST_ANSWER) },
      problems: [
        PROBLEMS.JSON_INVALID,
        PROBLEMS.BODY_INVALID,
        PROBLEMS.PRESENTATION_REFUSED,
        PROBLEMS.BODY_TOO_LARGE,
      ],
      handlers: [
        mediaGuard([JSON_TYPE, FORM_TYPE]),
        withBody(environment, async (request, body) => {
          const fromWallet = mediaType(request) === FORM_TYPE;
          const text = fromWallet ? vpTokenOf(body) : answerTextOf(body);
          const { decisions, proven } = await judgeAnswer(text, venue, requests);
          if (!fromWallet) return told(request, venue, decisions);
          // The decision is for the venue's eyes: it comes from its rules, and says more than a holder is told.
          if (!proven) throw new Problem(PROBLEMS.PRESENTATION_REFUSED);
          return {};
        }),
      ],
    },
  ];
}

function withBody(
  { bodies }: Pick<HolderEnvironment, 'bodies'>,
  answer: (request: Request, body: Buffer) => unknown,
): RequestHandler {
  return async (request, response) => {
    const hold = bodies.open(addressGroup(request.socket.remoteAddress));
    try {
      const body = await wholeBody(request, hold, MAX_BODY_BYTES);
      response.json(await answer(request, body));
    } finally {
      hold.release();
    }
  };
}

function told(request: Request, { terms }: Venue, decisions: readonly Decision[]): Answer {
  const language = languageFor(request.headers['accept-language']);
  return answerOf(
    decisions.map((decision) => ({ source: '', ...decision })),
    terms({}),
    language,
  );
}

function answerTextOf(body: Uint8Array): string {
  const { success, data } = ANSWER.safeParse(readJson(body));
  if (!success) throw new Problem(PROBLEMS.BODY_INVALID);
  return data.answer;
}

/** One presentation, under whatever id: which question it answers, it says itself. */
function vpTokenOf(body: Buffer): string {
  const tokens = new URLSearchParams(body.toString('utf8')).getAll('vp_token');
  const [token] = tokens;
  if (token === undefined || tokens.length > 1) throw new Problem(PROBLEMS.BODY_INVALID);
  const { success, data } = VP_TOKEN.safeParse(readJson(Buffer.from(token)));
  const [presentation, ...others] = success ? Object.values(data).flat() : [];
  if (presentation === undefined || others.length > 0) throw new Problem(PROBLEMS.BODY_INVALID);
  return presentation;
}
