import { renderQrPath } from '../../../credential/qr.ts';
import type { CardScheme } from '../../../credential/shc-uri.ts';
import { FormatError } from '../../../credential/errors.ts';
import { parseEvidence } from '../../../verifier/pipeline/evidence.ts';
import { codePicture } from '../../../verifier/web/parts/code-picture.ts';
import { evidenceOf } from '../../passes/kept-pass.ts';
import type { KeptPass } from '../../passes/kept-pass.ts';

/** Why a pass has no code to be shown by. */
export type NoCode =
  /** A verifiable credential: it answers a venue that asks. */
  | 'credential'
  /** It is longer than one code holds. */
  | 'long'
  /** Nobody knows what it is: its issuer is unknown. */
  | 'unknown';

/**
 * The code of a pass, in two segments as its issuer wrote it, as a drawing of crisp squares; or why there is none. A
 * health card that came as a file has one too: its text is the same.
 */
export function cardCode(pass: KeptPass, name: string): SVGSVGElement | NoCode {
  const scheme = schemeOf(pass);
  if (scheme !== 'shc' && scheme !== 'pratique') return scheme;
  try {
    return codePicture(renderQrPath(pass.text, scheme), name);
  } catch (error) {
    if (error instanceof FormatError && error.code === 'TOO_LARGE') return 'long';
    throw error;
  }
}

function schemeOf(pass: KeptPass): CardScheme | NoCode {
  if (pass.scheme !== null) return pass.scheme;
  if (parseEvidence(evidenceOf(pass)).kind !== 'card') return 'credential';
  if (pass.facts === null) return 'unknown';
  return pass.facts.profile === 'pass' ? 'pratique' : 'shc';
}
