import type { RequestHandler } from 'express';
import type { z } from 'zod/v4';
import type { ProblemKind } from './problem.ts';

/** Bodies by their media type: a schema of JSON (or of each line), text, or bytes. */
export type Bodies = Readonly<Record<string, z.ZodType | 'text' | 'bytes'>>;

/** One address and method: what it does, takes and gives. The table of them makes the routes and /openapi.json alike. */
export interface Endpoint {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  /** What may stand behind the path, by its name. */
  readonly query?: Readonly<Record<string, z.ZodType>>;
  /** Request headers that it reads besides those of HTTP itself, by their name. */
  readonly headers?: Readonly<Record<string, z.ZodType>>;
  readonly takes?: Bodies;
  readonly gives: Bodies;
  /** Of an answer that is no problem; 200 unless said. */
  readonly status?: 200 | 201 | 202;
  /** Besides those that any request may meet. */
  readonly problems: readonly ProblemKind[];
  readonly handlers: readonly RequestHandler[];
  /**
   * Whether pages of every other site may send here and read the answer (Fetch standard, CORS), without credentials, of
   * which browsers hold none for us. For what carries its own proof, and for what anybody may ask.
   */
  readonly open?: boolean;
}
