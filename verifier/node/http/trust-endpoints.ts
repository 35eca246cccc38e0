import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import type { Venue } from '../venue.ts';
import { STATE, TRUST_LOG, TRUST_REPORT } from './answers.ts';
import { isHeld } from '../../http/entity-tag.ts';
import type { Endpoint } from '../../http/endpoint.ts';
import { Problem } from '../../http/problem.ts';
import { PROBLEMS } from './problems.ts';

/** What is known here, how fresh it is, and how another venue gets it. */
export function trustEndpoints(venue: Venue): readonly Endpoint[] {
  return [
    {
      method: 'get',
      path: '/trust',
      summary: 'How fresh the trust data is and where it comes from.',
      gives: { 'application/json': TRUST_REPORT },
      problems: [],
      handlers: [
        (_request, response) => {
          response.json(venue.report());
        },
      ],
    },
    {
      method: 'get',
      path: '/trust/bundle',
      summary: 'The trust data as one file for another venue, signed by the exporter key of this node.',
      gives: { 'application/jose': 'text' },
      problems: [PROBLEMS.BUNDLE_MISSING],
      handlers: [bundle(venue)],
    },
    {
      method: 'get',
      path: '/trust/log',
      summary: 'The log of the registry, for anyone to replay, with what it leads to.',
      gives: { 'application/json': TRUST_LOG },
      problems: [PROBLEMS.LOG_MISSING],
      handlers: [
        (_request, response) => {
          const log = venue.log();
          if (log === undefined) throw new Problem(PROBLEMS.LOG_MISSING);
          response.json({ source: log.source, logs: log.logs.map(({ topics, data }) => ({ topics, data })) });
        },
      ],
    },
    {
      method: 'get',
      path: '/healthz',
      summary: 'Whether the process answers.',
      gives: { 'application/json': STATE },
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
      summary: 'Whether there is trust data to decide by.',
      gives: { 'application/json': STATE },
      problems: [PROBLEMS.TRUST_MISSING, PROBLEMS.TRUST_INVALID],
      handlers: [
        (_request, response) => {
          const trust = venue.trust();
          if (trust === 'missing') throw new Problem(PROBLEMS.TRUST_MISSING);
          if (trust === 'invalid') throw new Problem(PROBLEMS.TRUST_INVALID);
          response.json({ status: 'ready' });
        },
      ],
    },
  ];
}

/** Up to 64 MB: whoever has it already is told so by its entity tag (RFC 9110 section 13.1.2). */
function bundle(venue: Venue): RequestHandler {
  let [hashed, tag] = ['', ''];
  return async (request, response) => {
    const text = await venue.bundle();
    if (text === undefined) throw new Problem(PROBLEMS.BUNDLE_MISSING);
    if (text !== hashed) {
      [hashed, tag] = [text, `"${createHash('sha256').update(text).digest('base64url')}"`];
    }
    response.setHeader('ETag', tag);
    response.setHeader('Cache-Control', 'no-cache');
    response.setHeader('Content-Type', 'application/jose');
    if (isHeld(request.headers['if-none-match'], tag)) {
      response.status(304).end();
      return;
    }
    response.setHeader('Content-Length', Buffer.byteLength(text));
    response.end(text);
  };
}
