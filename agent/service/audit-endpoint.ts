import { z } from 'zod/v4';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { Problem } from '../../verifier/http/problem.ts';
import type { AuditReader } from '../audit/audit-reader.ts';
import type { AuditRecord } from '../audit/audit-record.ts';
import { problemOf, PROBLEMS } from './problems.ts';
import { readQuery } from './query.ts';
import { needs, type WhoAsks } from './who-asks.ts';

const MOST = 1000;
const USUAL = 100;
/** Records read at a time, and for one answer: most batches of an anchor, say, tell of no deed. */
const READ = 1000;
const MOST_READ = 20_000;

const WHOLE = z.string().regex(/^\d{1,15}$/);
const QUERY = {
  after: WHOLE.optional().meta({ description: 'Number of the record after which to begin; 0 unless said.' }),
  before: WHOLE.optional().meta({
    description: 'The newest first instead: of the records before this number; 0 is the end of the log.',
  }),
  limit: WHOLE.optional().meta({ description: `Records at most, up to ${MOST}; ${USUAL} unless said.` }),
};

const PAGE = z
  .strictObject({
    records: z.array(
      z.strictObject({
        n: z.number(),
        at: z.number(),
        entries: z.array(z.record(z.string(), z.unknown()).and(z.object({ kind: z.string() }))),
      }),
    ),
    next: z
      .number()
      .nullable()
      .meta({ description: 'What to ask for `after`, or `before`, to go on; null at the end of the log.' }),
  })
  .meta({ id: 'AuditPage' });

/** `GET /audit`: what was done, oldest first, a page at a time. */
export function auditEndpoint(environment: WhoAsks & { readonly audit: AuditReader }): Endpoint {
  return {
    method: 'get',
    path: '/audit',
    summary: 'What was done, oldest first unless asked otherwise: the entries of the audit log.',
    query: QUERY,
    gives: { 'application/json': PAGE },
    problems: [
      PROBLEMS.QUERY_INVALID,
      PROBLEMS.UNAUTHORIZED,
      PROBLEMS.SCOPE_MISSING,
      PROBLEMS.STORE_UNAVAILABLE,
    ],
    handlers: [
      needs(environment, 'audit'),
      async (request, response) => {
        const { after, before, limit = String(USUAL) } = readQuery(request, QUERY);
        if (after !== undefined && before !== undefined) throw new Problem(PROBLEMS.QUERY_INVALID);
        try {
          const most = Math.min(MOST, Math.max(1, Number(limit)));
          const page =
            before === undefined
              ? pageOf(environment.audit, Number(after ?? 0), most)
              : pageBefore(environment.audit, Number(before), most);
          response.json(await page);
        } catch (error) {
          throw problemOf(error);
        }
      },
    ],
  };
}

interface Page {
  readonly records: readonly Pick<AuditRecord, 'n' | 'at' | 'entries'>[];
  readonly next: number | null;
}

/** The newest first, from before a number on; 0 is the end of the log. */
async function pageBefore(audit: AuditReader, before: number, limit: number): Promise<Page> {
  const end = ((await audit.place())?.n ?? 0) + 1;
  const records: Pick<AuditRecord, 'n' | 'at' | 'entries'>[] = [];
  const first = before === 0 ? end : Math.min(before, end);
  let read = first;
  for (; read > 1 && first - read < MOST_READ; read -= READ) {
    const some = await audit.records(Math.max(1, read - READ), read);
    for (const { n, at, entries } of some.toReversed()) {
      if (entries.length > 0) records.push({ n, at, entries });
      if (records.length === limit) return { records, next: n > 1 ? n : null };
    }
  }
  return { records, next: read > 1 ? read : null };
}

async function pageOf(audit: AuditReader, after: number, limit: number): Promise<Page> {
  const last = (await audit.place())?.n ?? 0;
  const records: Pick<AuditRecord, 'n' | 'at' | 'entries'>[] = [];
  let read = after;
  for (; read < last && read - after < MOST_READ; read += READ) {
    // One that cannot be read is passed over; `audit verify` tells of it.
    for (const { n, at, entries } of await audit.records(read + 1, read + 1 + READ)) {
      if (entries.length > 0) records.push({ n, at, entries });
      if (records.length === limit) return { records, next: n < last ? n : null };
    }
  }
  return { records, next: read < last ? read : null };
}
