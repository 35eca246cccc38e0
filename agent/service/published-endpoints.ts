import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { isHeld } from '../../verifier/http/entity-tag.ts';
import { Problem } from '../../verifier/http/problem.ts';
import { PROBLEMS } from './problems.ts';

/** A kid (RFC 7638), and what may follow it in the name of a published file. */
const KID = '[A-Za-z0-9_-]{43}';
/** Venues look daily; a browser or a proxy between may keep an answer for five minutes. */
const CACHE = 'public, max-age=300';

interface Published {
  readonly path: string;
  readonly summary: string;
  readonly type: string;
  /** Name of the file in the folder, from the parameters of the path; undefined of what cannot be one. */
  readonly file: (parameters: Readonly<Record<string, string>>) => string | undefined;
}

const matching =
  (pattern: string, make: (name: string) => string) =>
  ({ name = '' }: Readonly<Record<string, string>>): string | undefined =>
    new RegExp(`^${pattern}$`).test(name) ? make(name) : undefined;

const PUBLISHED: readonly Published[] = [
  {
    path: '/.well-known/jwks.json',
    summary: 'The keys of this issuer (SMART Health Cards).',
    type: 'application/json',
    file: () => '.well-known/jwks.json',
  },
  {
    path: '/.well-known/crl/:name',
    summary: 'The revoked cards of a key, {kid}.json (SMART Health Cards).',
    type: 'application/json',
    file: matching(`${KID}\\.json`, (name) => `.well-known/crl/${name}`),
  },
  {
    path: '/status/:name',
    summary: 'The status list of a key: as a credential, and by its ending in the other forms.',
    type: 'application/octet-stream',
    file: matching(
      `${KID}(?:\\.(?:list|statuslist\\.jwt|json|\\d+-\\d+\\.delta))?`,
      (name) => `status/${name}`,
    ),
  },
  {
    path: '/blocks/:kid/:name',
    summary: 'One block of a status list with its proof.',
    type: 'application/octet-stream',
    file: ({ kid = '', name = '' }) =>
      new RegExp(`^${KID}$`).test(kid) && /^\d{1,6}$/.test(name) ? `blocks/${kid}/${name}` : undefined,
  },
];

/** What anybody may read: the files that were published, never ahead of the chain, for pages of every origin. */
export function publishedEndpoints(folder: string): readonly Endpoint[] {
  return PUBLISHED.map(({ path, summary, type, file }) => ({
    method: 'get',
    path,
    summary,
    gives: { [type]: 'bytes' },
    problems: [PROBLEMS.NOT_FOUND],
    handlers: [give(folder, type, file)],
  }));
}

function give(folder: string, type: string, file: Published['file']): RequestHandler {
  return async (request, response) => {
    const name = file(request.params as Readonly<Record<string, string>>);
    const bytes = name === undefined ? undefined : await contentOf(join(folder, name));
    if (bytes === undefined) throw new Problem(PROBLEMS.NOT_FOUND);
    const tag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'ETag');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Cache-Control', CACHE);
    response.setHeader('ETag', tag);
    if (isHeld(request.headers['if-none-match'], tag)) {
      response.status(304).end();
      return;
    }
    response.setHeader('Content-Type', type);
    response.setHeader('Content-Length', bytes.length);
    response.end(bytes);
  };
}

async function contentOf(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}
