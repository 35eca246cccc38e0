import { inflateRawNode } from '../../credential/deflate-node.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import type { Terms } from '../pipeline/checks.ts';
import type { Trust } from '../pipeline/trust.ts';
import { verifyPieces } from '../pipeline/verify-pieces.ts';
import type { SourcedDecision, SourcedPiece } from '../pipeline/verify-pieces.ts';
import type { NoTrust } from '../pipeline/verify.ts';

const PORTS = { inflate: inflateRawNode, importKey: importEs256Key };

/** Decide about every credential in the pieces with Node's own zlib and ES256, the same for terminal and HTTP. */
export async function decidePieces(
  pieces: readonly SourcedPiece[],
  trust: Trust | NoTrust,
  terms: Terms,
): Promise<readonly SourcedDecision[]> {
  return verifyPieces(pieces, trust, terms, PORTS);
}
