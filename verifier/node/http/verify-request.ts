import { z } from 'zod/v4';
import { decodeBase64url } from '../../../credential/base64url.ts';
import { FormatError } from '../../../credential/errors.ts';
import type { Input } from './decide-input.ts';
import { readJson } from '../../http/json-body.ts';
import { Problem } from '../../http/problem.ts';
import { PROBLEMS } from './problems.ts';

/** Beyond the year 5138 it is milliseconds by mistake. */
const unixSeconds = z.number().min(0).max(1e11);

const asked = {
  at: unixSeconds.optional().meta({
    description: 'Judge validity, key windows and rules at this moment (Unix seconds) instead of now.',
  }),
  event: unixSeconds.optional().meta({
    description: 'When the event begins (Unix seconds), for rules that count back from it.',
  }),
  rules: z.string().max(200).optional().meta({
    description: 'The acceptance rules to hold the card against; counts only where the node itself has none.',
  }),
};

/** The body of `POST /verify`, and each line of `POST /verify/batch`. */
export const VERIFY_REQUEST = z.union([
  z.strictObject({
    credential: z.string().meta({
      description:
        'Any text that the command line takes: JWS, shc:/ or pratique:/ text, several lines of them, the text of a .smart-health-card file, vc+jwt, a presentation.',
    }),
    ...asked,
  }),
  z.strictObject({
    picture: z.string().meta({ description: 'A PNG or JPEG picture of QR codes, in base64url.' }),
    ...asked,
  }),
]);

/** What a request may choose of the terms. */
export interface Asked {
  readonly at?: number | undefined;
  readonly event?: number | undefined;
  readonly rules?: string | undefined;
}

/** A request to decide, read and checked. */
export interface VerifyRequest {
  readonly input: Input;
  readonly asked: Asked;
}

/** A name for what is asked, the same for the same. */
export function nameOfAsked({ at, event, rules }: Asked): string {
  return at === undefined && event === undefined && rules === undefined
    ? ''
    : JSON.stringify([at, event, rules]);
}

/**
 * Read a request to decide from its JSON.
 *
 * @throws Problem JSON_INVALID if it is not strict JSON (RFC 7493), BODY_INVALID if it is not such a request
 */
export function readVerifyRequest(bytes: Uint8Array): VerifyRequest {
  const { success, data } = VERIFY_REQUEST.safeParse(readJson(bytes));
  if (!success) throw new Problem(PROBLEMS.BODY_INVALID);
  const { at, event, rules } = data;
  const input = 'credential' in data ? { text: data.credential } : { bytes: readBase64url(data.picture) };
  return { input, asked: { at, event, rules } };
}

function readBase64url(text: string): Uint8Array {
  try {
    return decodeBase64url(text);
  } catch (error) {
    if (error instanceof FormatError) throw new Problem(PROBLEMS.BODY_INVALID);
    throw error;
  }
}
