import type { RequestHandler, Response } from 'express';
import type { Venue } from '../venue.ts';
import { VERIFY_ANSWER, PROBLEM } from './answers.ts';
import { answerBatch } from './batch.ts';
import { bodyOf, mediaGuard, mediaType, wholeBody } from './body.ts';
import type { CardPool } from './card-pool.ts';
import { answerOf, decideInput } from './decide-input.ts';
import type { Input } from './decide-input.ts';
import type { Endpoint } from './endpoint.ts';
import { languageFor } from '../../pipeline/words.ts';
import { Problem } from './problem.ts';
import { count, emptyTally } from './tally.ts';
import type { Tally } from './tally.ts';
import { readVerifyRequest, VERIFY_REQUEST } from './verify-request.ts';
import type { VerifyRequest } from './verify-request.ts';

/** What the addresses that decide need. */
export interface VerifyEnvironment {
  readonly venue: Venue;
  readonly pool: CardPool;
  readonly stopping: AbortSignal;
  readonly counted: (tally: Tally) => void;
  readonly idleMs: number;
  /** Batches at once; more are told to come again. */
  readonly maxBatches: number;
}

/** Longer text may hold so many cards that everybody else would wait for them. */
const MAX_TEXT_HERE = 16 * 1024;

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
        'REQUEST_INCOMPLETE',
        'JSON_INVALID',
        'BODY_INVALID',
        'ORIGIN_NOT_ALLOWED',
        'BODY_TOO_LARGE',
        'CONTENT_TYPE_UNSUPPORTED',
        'BUSY',
      ],
      handlers: [mediaGuard(bodies), wholeBody(), verify(environment)],
    },
    {
      method: 'post',
      path: '/verify/batch',
      summary: 'Decide about many: a line of JSON in, a line of JSON out, in order, as they come.',
      takes: Object.fromEntries(LINES_TYPES.map((type) => [type, VERIFY_REQUEST])),
      gives: { 'application/x-ndjson': VERIFY_ANSWER.or(PROBLEM) },
      problems: ['ORIGIN_NOT_ALLOWED', 'CONTENT_TYPE_UNSUPPORTED', 'BUSY'],
      handlers: [mediaGuard(LINES_TYPES), verifyBatch(environment)],
    },
  ];
}

function verify({ venue, pool, counted }: VerifyEnvironment): RequestHandler {
  return async (request, response) => {
    const body = bodyOf(request);
    const { input, asked }: VerifyRequest = JSON_TYPES.includes(mediaType(request))
      ? readVerifyRequest(body)
      : { input: { bytes: body }, asked: {} };
    const language = languageFor(request.headers['accept-language']);
    response.setHeader('Content-Language', language);
    if (isHeavy(input)) {
      const { text, tally } = await pool.decideOne(input, asked, language);
      counted(tally);
      sendJson(response, text);
      return;
    }
    const decisions = await decideInput(input, venue.trust(), venue.terms(asked));
    const tally = emptyTally();
    count(tally, decisions);
    counted(tally);
    sendJson(response, JSON.stringify(answerOf(decisions, language)));
  };
}

/** A picture, or text that may hold many cards. */
function isHeavy(input: Input): boolean {
  if ('text' in input) return input.text.length > MAX_TEXT_HERE;
  const [first = 0] = input.bytes;
  // PNG and JPEG begin with a byte that text in ASCII does not have.
  return first >= 0x80 || input.bytes.length > MAX_TEXT_HERE;
}

function verifyBatch({ pool, stopping, counted, idleMs, maxBatches }: VerifyEnvironment): RequestHandler {
  let running = 0;
  return async (request, response) => {
    if (running >= maxBatches) throw new Problem('BUSY');
    running += 1;
    try {
      const language = languageFor(request.headers['accept-language']);
      response.setHeader('Content-Type', 'application/x-ndjson');
      response.setHeader('Content-Language', language);
      response.flushHeaders();
      await answerBatch(request, response, { pool, language, stopping, idleMs, counted });
    } finally {
      running -= 1;
    }
  };
}

/** Without express's own: an entity tag over an answer that nobody keeps costs more than it saves. */
function sendJson(response: Response, text: string): void {
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}
