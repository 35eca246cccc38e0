import { mediaGuard } from '../../verifier/http/body.ts';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { readJson } from '../../verifier/http/json-body.ts';
import { languageFor } from '../../verifier/pipeline/words.ts';
import type { Issuer } from '../issuer.ts';
import { PROBLEMS } from './problems.ts';
import type { ReadBody } from './read-body.ts';
import { VERIFY_ANSWER, verifyAnswer } from './verify-answer.ts';
import { readVerifyRequest, VERIFY_REQUEST } from './verify-request.ts';
import { needs, type WhoAsks } from './who-asks.ts';

const JSON_TYPE = 'application/json';

/**
 * `POST /credentials/verify` (VCALM, section 3.3.1): what the verifier's pipeline says of a credential by what this issuer
 * knows. A credential that is not good is an answer, not an error.
 */
export function verifyEndpoint({
  issuer,
  readBody,
  ...who
}: WhoAsks & { readonly issuer: Issuer; readonly readBody: ReadBody }): Endpoint {
  return {
    method: 'post',
    path: '/credentials/verify',
    summary:
      'What this issuer knows of a credential: its own as they stand now, others as far as it can tell.',
    takes: { [JSON_TYPE]: VERIFY_REQUEST },
    gives: { [JSON_TYPE]: VERIFY_ANSWER },
    problems: [
      PROBLEMS.REQUEST_INCOMPLETE,
      PROBLEMS.JSON_INVALID,
      PROBLEMS.BODY_INVALID,
      PROBLEMS.UNAUTHORIZED,
      PROBLEMS.SCOPE_MISSING,
      PROBLEMS.ORIGIN_NOT_ALLOWED,
      PROBLEMS.BODY_TOO_LARGE,
      PROBLEMS.CONTENT_TYPE_UNSUPPORTED,
      PROBLEMS.BUSY,
    ],
    handlers: [
      mediaGuard([JSON_TYPE]),
      needs(who, 'issue', 'revoke', 'records'),
      async (request, response) => {
        const asked = readVerifyRequest(readJson(await readBody(request)));
        const { pieces, challenge, presented } = asked;
        const now = who.clock();
        const decisions = await issuer.decider.decide(pieces, { now, challenge, presented });
        const language = languageFor(request.headers['accept-language']);
        response.setHeader('Content-Language', language);
        response.json(verifyAnswer(decisions, asked, { now, language }));
      },
    ],
  };
}
