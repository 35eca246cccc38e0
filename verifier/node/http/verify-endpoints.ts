import type { Request, RequestHandler, Response } from 'express';
import type { Venue } from '../venue.ts';
import { VERIFY_ANSWER, PROBLEM } from './answers.ts';
import { answerBatch } from './batch.ts';
import { mediaGuard, mediaType, wholeBody } from '../../http/body.ts';
import { addressGroup } from '../../http/address-group.ts';
import type { BodyBudget } from '../../http/body-budget.ts';
import type { CardPool } from './card-pool.ts';
import { answerOf, decideInput } from './decide-input.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import type { Answered } from './card-worker.ts';
import type { Language } from '../../pipeline/words/language.ts';
import { isHeavy } from './heavy-input.ts';
import { heldBy } from '../../http/held-by.ts';
import { languageFor } from '../../pipeline/words.ts';
import { Problem } from '../../http/problem.ts';
import { PROBLEMS } from './problems.ts';
import { count, emptyTally } from './tally.ts';
import type { Tally } from './tally.ts';
import { readVerifyRequest, VERIFY_REQUEST } from './verify-request.ts';
import type { VerifyRequest } from './verify-request.ts';

/** What the addresses that decide need. */
export interface VerifyEnvironment {
  readonly venue: Venue;
  readonly pool: CardPool;
  readonly bodies: BodyBudget;
  readonly stopping: AbortSignal;
  readonly counted: (tally: Tally) => void;
  readonly idleMs: number;
  /** Batches at once; more are told to come again. */
  readonly maxBatches: number;
  /** Of one sender: whoever holds open all there may be would deny them to everybody. */
  readonly maxBatchesOfOne: number;
}

/** Longer JSON is parsed by a thread: of empty objects, the largest body takes a second. */
const MAX_JSON_HERE = 64 * 1024;
/** Without threads what is longer is refused: everybody would wait for it, and a card is far shorter. */
const MAX_JSON_WITHOUT_THREADS = 1_000_000;

const JSON_TYPES = ['application/json'];
const TEXT_TYPES = [
  'text/plain',
  'application/smart-health-card',
  'application/vc+jwt',
  'application/vp+jwt',
];
const PICTURE_TYPES = ['image/png', 'image/jpeg'];
const LINES_TYPES = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];

/** `POST /verify` and `POST /verify/batch`. */
export function verifyEndpoints(environment: VerifyEnvironment): readonly Endpoint[] {
  const bodies = [...JSON_TYPES, ...TEXT_TYPES, ...PICTURE_TYPES];
  return [
    {
      method: 'post',
      path: '/verify',
      summary: 'Decide about a credential; about each, if the input holds several.',
      takes: {
        ...Object.fromEntries(JSON_TYPES.map((type) => [type, VERIFY_REQUEST])),
        ...Object.fromEntries(TEXT_TYPES.map((type) => [type, 'text' as const])),
        ...Object.fromEntries(PICTURE_TYPES.map((type) => [type, 'bytes' as const])),
      },
      gives: { 'application/json': VERIFY_ANSWER },
      problems: [
        PROBLEMS.REQUEST_INCOMPLETE,
        PROBLEMS.JSON_INVALID,
        PROBLEMS.BODY_INVALID,
        PROBLEMS.ORIGIN_NOT_ALLOWED,
        PROBLEMS.BODY_TOO_LARGE,
        PROBLEMS.CONTENT_TYPE_UNSUPPORTED,
        PROBLEMS.BUSY,
      ],
      handlers: [mediaGuard(bodies), verify(environment)],
    },
    {
      method: 'post',
      path: '/verify/batch',
      summary: 'Decide about many: a line of JSON in, a line of JSON out, in order, as they come.',
      takes: Object.fromEntries(LINES_TYPES.map((type) => [type, VERIFY_REQUEST])),
      gives: { 'application/x-ndjson': VERIFY_ANSWER.or(PROBLEM) },
      problems: [PROBLEMS.ORIGIN_NOT_ALLOWED, PROBLEMS.CONTENT_TYPE_UNSUPPORTED, PROBLEMS.BUSY],
      handlers: [mediaGuard(LINES_TYPES), verifyBatch(environment)],
    },
  ];
}

function verify({ venue, pool, bodies, counted }: VerifyEnvironment): RequestHandler {
  return async (request, response) => {
    const hold = bodies.open(addressGroup(request.socket.remoteAddress));
    try {
      await answer(request, response, await wholeBody(request, hold));
    } finally {
      hold.release();
    }
  };

  async function answer(request: Request, response: Response, body: Buffer): Promise<void> {
    const language = languageFor(request.headers['accept-language']);
    const { text, tally } = await decide(body, JSON_TYPES.includes(mediaType(request)), language);
    counted(tally);
    response.setHeader('Content-Language', language);
    sendJson(response, text);
  }

  async function decide(body: Buffer, isJson: boolean, language: Language): Promise<Answered> {
    if (isJson && body.length > MAX_JSON_HERE) {
      if (pool.threads === 0 && body.length > MAX_JSON_WITHOUT_THREADS)
        throw new Problem(PROBLEMS.BODY_TOO_LARGE);
      return pool.decideBody(body, language);
    }
    const { input, asked }: VerifyRequest = isJson
      ? readVerifyRequest(body)
      : { input: { bytes: body }, asked: {} };
    if (isHeavy(input)) return pool.decideOne(input, asked, language);
    const terms = venue.terms(asked);
    const decisions = await decideInput(input, venue.trust(), terms);
    const tally = emptyTally();
    count(tally, decisions);
    return { text: JSON.stringify(answerOf(decisions, terms, language)), tally };
  }
}

function verifyBatch(environment: VerifyEnvironment): RequestHandler {
  const { pool, stopping, counted, idleMs, maxBatches, maxBatchesOfOne } = environment;
  const running = heldBy();
  return async (request, response) => {
    const sender = addressGroup(request.socket.remoteAddress);
    if (running.total() >= maxBatches || running.of(sender) >= maxBatchesOfOne)
      throw new Problem(PROBLEMS.BUSY);
    const giveBack = running.take(sender);
    try {
      const language = languageFor(request.headers['accept-language']);
      response.setHeader('Content-Type', 'application/x-ndjson');
      response.setHeader('Content-Language', language);
      response.flushHeaders();
      await answerBatch(request, response, { pool, language, stopping, idleMs, counted });
    } finally {
      giveBack();
    }
  };
}

/** Without express's own: an entity tag over an answer that nobody keeps costs more than it saves. */
function sendJson(response: Response, text: string): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
