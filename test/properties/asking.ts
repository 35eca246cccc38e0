import { parseRequestUri, readRequestPayload } from '../../credential/authorization-request.ts';
import { isAnswer, parseAnswer } from '../../credential/compact-answer.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { parseCompactJws } from '../../credential/jws.ts';
import { readRequest } from '../../wallet/asking/read-request.ts';
import { answerTo, RESPONSE_URI, verifier, walletTrust } from '../support/asking.ts';
import { mutatedJson, mutatedText } from './mutations.ts';
import { neverCrashes, type Property } from './run.ts';

const arena = verifier();
const { request } = arena.requests.open({ responseUri: RESPONSE_URI });
const { code } = await answerTo(arena);
const payload = parseJson(decodeUtf8(parseCompactJws(parseRequestUri(request).jwt).payload));

/** Readers of what a stranger shows a holder, or a holder a venue. */
export const ASKING_PARSERS: readonly Property[] = [
  neverCrashes({
    name: 'text of a request',
    input: mutatedText(request),
    parse: async (text) => {
      parseRequestUri(text);
      await readRequest(text, walletTrust(), importEs256Key);
    },
  }),
  neverCrashes({ name: 'claims of a request', input: mutatedJson(payload), parse: readRequestPayload }),
  neverCrashes({
    name: 'text of an answer',
    input: mutatedText(code),
    parse: (text) => {
      const { presentation } = parseAnswer(text);
      if (isAnswer(text)) presentation(arena.requests.clientId);
    },
  }),
];
