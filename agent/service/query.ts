import type { Request } from 'express';
import { z } from 'zod/v4';
import { Problem } from '../../verifier/http/problem.ts';
import { PROBLEMS } from './problems.ts';

/** What stands behind the path, each name once and none that is not asked for. Problem QUERY_INVALID. */
export function readQuery<Shape extends z.ZodRawShape>(
  request: Request,
  shape: Shape,
): z.infer<z.ZodObject<Shape>> {
  const at = request.originalUrl.indexOf('?');
  const said = [...new URLSearchParams(at === -1 ? '' : request.originalUrl.slice(at))];
  const { data } = z.strictObject(shape).safeParse(Object.fromEntries(said));
  if (data === undefined || new Set(said.map(([name]) => name)).size !== said.length) {
    throw new Problem(PROBLEMS.QUERY_INVALID);
  }
  return data;
}
