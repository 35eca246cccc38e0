import type { Request, Response } from 'express';
import { z } from 'zod/v4';
import { encodeCardFile } from '../../credential/smart-health-card-file.ts';

/** SMART Health Cards 1.4.0, "via File Download". */
export const CARD_FILE_TYPE = 'application/smart-health-card';

export const CARD_FILE = z.strictObject({ verifiableCredential: z.array(z.string()).min(1) });

/** Whether a request would rather have a file for a wallet than our JSON. */
export function wantsCardFile(request: Request): boolean {
  return request.accepts(['application/json', CARD_FILE_TYPE]) === CARD_FILE_TYPE;
}

/** Answers with health cards (compact JWS) as a file to be saved, under a name that says nothing of anybody. */
export function sendCardFile(response: Response, jws: readonly string[]): void {
  response.setHeader('Content-Type', CARD_FILE_TYPE);
  response.setHeader('Content-Disposition', 'attachment; filename="health-card.smart-health-card"');
  response.end(encodeCardFile(jws));
}
