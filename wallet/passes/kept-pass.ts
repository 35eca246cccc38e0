import { oneOf, orNull, record, ShapeError, text, whole } from '../../credential/strict-reader.ts';
import type { Read } from '../../credential/strict-reader.ts';
import { MAX_JWS_CHARS } from '../../credential/jws.ts';
import type { CardScheme } from '../../credential/shc-uri.ts';
import type { Evidence } from '../../verifier/pipeline/evidence.ts';
import type { PassFacts } from './judged-pass.ts';

/** A pass as the vault keeps it. */
export interface KeptPass {
  readonly id: string;
  /** The compact JWS. */
  readonly text: string;
  /** Of the QR text that it came in; null of a credential or a file. */
  readonly scheme: CardScheme | null;
  /** Unix seconds. */
  readonly addedAt: number;
  /** As verified when it was added, or since; null of a card whose issuer nobody accredited, which is kept apart. */
  readonly facts: PassFacts | null;
}

const line = (most: number): Read<string> => text(/^[^]*$/, most);
const seconds: Read<number> = (value) => (typeof value === 'number' && value >= 0 ? value : whole(value));

const facts = record<PassFacts>({
  profile: oneOf('pass', 'pass-plus'),
  passType: orNull(oneOf('vaccination', 'pcr', 'antigen')),
  subject: orNull(record({ name: line(10_000), birthDate: orNull(line(10)) })),
  issuer: record({ did: line(2000), iss: line(2000), name: line(2000), jurisdiction: line(100) }),
  nbf: seconds,
  exp: orNull(seconds),
  holder: orNull(line(2100)),
});

/** Reads a pass of the vault; throws ShapeError. */
export const readKeptPass = record<KeptPass>({
  id: text(/^[\w-]{22}$/, 22),
  text: text(/^[\w-]+\.[\w-]+\.[\w-]+$/, MAX_JWS_CHARS),
  scheme: orNull(oneOf('shc', 'pratique')),
  addedAt: seconds,
  facts: orNull(facts),
});

/** Whether a pass can be kept: it is read again as it was written. */
export function isReadable(pass: KeptPass): boolean {
  try {
    readKeptPass(pass);
    return true;
  } catch (error) {
    if (error instanceof ShapeError) return false;
    throw error;
  }
}

/** What was kept, as it was shown to the wallet. */
export function evidenceOf({ text: jws, scheme }: Pick<KeptPass, 'text' | 'scheme'>): Evidence {
  return scheme === null ? { text: jws } : { text: jws, scheme };
}
