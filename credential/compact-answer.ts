import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { didJwkFromKey, didJwkMethod, keyFromDidJwk } from './did-jwk.ts';
import { FormatError } from './errors.ts';
import { encodeCompactJws, encodeSigningInput } from './jws.ts';
import { presentationPayload } from './presentation.ts';
import type { PresentationContent } from './presentation.ts';
import { decodeDigits, encodeDigits } from './shc-uri.ts';

const PREFIX = 'pratique-answer:/';
/** A credential without compression, and the rest. */
const MAX_ANSWER_CHARS = 20_000;

const utf8 = new TextEncoder();

/** An answer for one credential, which the holder signed. */
export type SignedAnswer = Omit<PresentationContent, 'credentials'> & { readonly credential: string };

/** The signing input of the one way in which we write a presentation (VC-JOSE-COSE §3.1.2). */
export function answerSigningInput({ credential, ...content }: SignedAnswer): string {
  const payload = presentationPayload({ ...content, credentials: [credential] });
  const kid = didJwkMethod(content.holder);
  return encodeSigningInput({ alg: 'ES256', typ: 'vp+jwt', kid }, utf8.encode(JSON.stringify(payload)));
}

/**
 * The text of an answer's QR code: what the verifier cannot put together itself. A `vp+jwt` around a credential is three
 * times as long and beyond what a telephone shows; the audience, the DIDs and all that surrounds the credential follow
 * from the request, the holder's key and the one way of writing. Digits as in `shc:/`.
 */
export function encodeAnswer(answer: SignedAnswer, signature: Uint8Array): string {
  const { nonce, iat, holder, credential } = answer;
  const { x, y } = keyFromDidJwk(holder);
  return (
    PREFIX + encodeDigits([nonce, iat.toString(36), x, y, encodeBase64url(signature), credential].join('.'))
  );
}

/** True of the text of an answer, whether or not it is a good one. */
export function isAnswer(text: string): boolean {
  return text.startsWith(PREFIX);
}

/** An answer's text, of which nothing is proved. */
export interface ParsedAnswer {
  readonly nonce: string;
  /** The `vp+jwt` that it stands for, if it was made for that verifier. */
  readonly presentation: (audience: string) => string;
}

/**
 * Reads the text of an answer.
 *
 * @throws FormatError MALFORMED, UNSUPPORTED_FORMAT, TOO_LARGE
 */
export function parseAnswer(text: string): ParsedAnswer {
  if (!isAnswer(text)) throw new FormatError('UNSUPPORTED_FORMAT', 'The text is no answer to a request.');
  if (text.length > MAX_ANSWER_CHARS) throw new FormatError('TOO_LARGE', 'The answer is too long.');
  const parts = decodeDigits(text, PREFIX.length).split('.');
  const [nonce = '', time = '', x = '', y = '', signature = '', ...credential] = parts;
  const iat = Number.parseInt(time, 36);
  if (credential.length !== 3 || nonce === '' || !/^[1-9a-z][0-9a-z]{0,7}$/.test(time)) {
    throw new FormatError('MALFORMED', 'The answer is not made as answers are.');
  }
  const holder = didJwkFromKey({ x, y });
  const bytes = decodeBase64url(signature);
  const content = { nonce, iat, holder, credential: credential.join('.') };
  return {
    nonce,
    presentation: (audience) => encodeCompactJws(answerSigningInput({ ...content, audience }), bytes),
  };
}
