import { FormatError } from '../credential/errors.ts';
import { assertVcHeader, parseCompactJws, type VcHeader } from '../credential/jws.ts';

/**
 * The token of a credential or presentation: the text itself, or `proof.jwt` of an object.
 *
 * The other members of such an object prove nothing and are not looked at.
 */
export function credentialToken(document: unknown): string | undefined {
  if (typeof document === 'string') return document;
  const proof = (document as { proof?: { jwt?: unknown } } | null | undefined)?.proof;
  return typeof proof?.jwt === 'string' ? proof.jwt : undefined;
}

/** What kind of credential a token says it is; undefined if it is not a token we read. */
export function tokenForm(token: string | undefined): VcHeader['form'] | undefined {
  if (token === undefined) return undefined;
  try {
    return assertVcHeader(parseCompactJws(token).header).form;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
