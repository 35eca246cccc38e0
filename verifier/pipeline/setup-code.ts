import { FormatError } from '../../credential/errors.ts';
import type { Es256Verify } from '../../credential/es256.ts';
import { decodeUtf8, parseJson } from '../../credential/json.ts';
import { encodeSigningInput, parseCompactJws, verifyJws } from '../../credential/jws.ts';
import type { UnverifiedJws } from '../../credential/jws.ts';
import { decodeDigits, encodeDigits } from '../../credential/shc-uri.ts';
import { list, orNull, record, ShapeError, text, whole } from '../../credential/strict-reader.ts';

/** What a set-up code makes of a scanner; times in Unix seconds. */
export interface SetupCode {
  /** By which it is withdrawn. */
  readonly id: string;
  /** Of the venue, in its own words, one line. */
  readonly name: string;
  /** The rule set that cards are held against; `none` where whoever scans may choose. */
  readonly rules: string;
  /** Tags (BCP 47) of the languages that are offered first. */
  readonly languages: readonly string[];
  /** argon2id of the PIN that the scanner is locked with, as a PHC string. */
  readonly pin: string | null;
  /** `chainId:address` of the registry that the node belonged to; null if it had none. */
  readonly registry: string | null;
  readonly iat: number;
  /** Until when a scanner may take it up. */
  readonly takeUntil: number;
  /** Until when scanners that took it up are set up by it. */
  readonly exp: number;
}

/** RFC 7515 section 4.1.9: what the JWS is, so that it passes for nothing else signed with the same key. */
const TYPE = 'pratique-setup+jws';
const PREFIX = 'pratique-setup:/';
/** The longest that one QR code of a bearable size holds. */
const MAX_JWS = 1182;
const MAX_NAME_CHARS = 80;
const MAX_LANGUAGES = 12;

const ID = /^[A-Za-z0-9_-]{16}$/;
const RULES = /^(?:none|[A-Za-z0-9-]+(?:\/[A-Za-z0-9-]+)*)$/;
const LANGUAGE = /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/;
const utf8 = new TextEncoder();

/** A PIN's hash as our page makes it and no other: one that asks for more memory would lock a telephone for good. */
export const PIN_HASH = /^\$argon2id\$v=19\$m=65536,t=3,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{22}$/;

const readCode = record<SetupCode>({
  id: text(ID, 16),
  name: text(/\S/, MAX_NAME_CHARS),
  rules: text(RULES, 100),
  languages: list(text(LANGUAGE, 35)),
  pin: orNull(text(PIN_HASH, 100)),
  registry: orNull(text(/^\d{1,16}:0x[0-9a-f]{40}$/, 59)),
  iat: whole,
  takeUntil: whole,
  exp: whole,
});

/** True of what names a set-up code when it is withdrawn. */
export function isSetupId(id: string): boolean {
  return ID.test(id);
}

/** What the exporter of that kid signs. */
export function setupSigningInput(kid: string, code: SetupCode): string {
  return encodeSigningInput({ alg: 'ES256', typ: TYPE, kid }, utf8.encode(JSON.stringify(code)));
}

/**
 * The text of its QR code: digits, as in `shc:/`, behind a scheme that no reader of cards takes for one.
 *
 * @throws FormatError TOO_LARGE if no QR code of a bearable size holds it
 */
export function encodeSetupCode(jws: string): string {
  if (jws.length > MAX_JWS)
    throw new FormatError('TOO_LARGE', 'The set-up code is too long for one QR code: shorten the name.');
  return PREFIX + encodeDigits(jws);
}

/** True of the text of a set-up code, whether or not it is a good one. */
export function isSetupText(setup: string): boolean {
  return setup.startsWith(PREFIX);
}

/** A set-up code of the right shape, of which nothing is proved. */
export interface ReadSetup {
  readonly kid: string;
  readonly code: SetupCode;
  readonly jws: UnverifiedJws;
}

/**
 * Read the text of a set-up code.
 *
 * @throws FormatError MALFORMED, UNSUPPORTED_FORMAT, TOO_LARGE
 */
export function readSetupCode(setup: string): ReadSetup {
  if (!isSetupText(setup)) throw new FormatError('UNSUPPORTED_FORMAT', 'The text is no set-up code.');
  if (setup.length > PREFIX.length + 2 * MAX_JWS)
    throw new FormatError('TOO_LARGE', 'The text is longer than any set-up code.');
  const jws = parseCompactJws(decodeDigits(setup, PREFIX.length), MAX_JWS);
  const { typ, kid, zip } = jws.header;
  if (typ !== TYPE || zip !== undefined)
    throw new FormatError('UNSUPPORTED_FORMAT', 'The token says that it is something else.');
  try {
    const code = readCode(parseJson(decodeUtf8(jws.payload)));
    if (code.languages.length > MAX_LANGUAGES || !(code.iat <= code.takeUntil && code.takeUntil <= code.exp))
      throw new ShapeError('times that contradict each other');
    return { kid, code, jws };
  } catch (error) {
    if (error instanceof ShapeError)
      throw new FormatError('MALFORMED', `The set-up code holds ${error.message}.`);
    throw error;
  }
}

/** Whether the exporter whose key that is has signed it. */
export async function isSignedSetup({ jws }: ReadSetup, verify: Es256Verify): Promise<boolean> {
  return (await verifyJws(jws, verify)) !== undefined;
}
