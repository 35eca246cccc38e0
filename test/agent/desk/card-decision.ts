import type { Issuer } from '../../../agent/issuer.ts';
import { decidePieces } from '../../../verifier/node/decide.ts';
import { readText } from '../../../verifier/pipeline/input.ts';
import { NOW } from '../issuer-fixture.ts';
import { trustIn } from '../issuer-trust.ts';

/** What a venue that knows the issuer's list as it stands says of a text that it has scanned. */
export async function codesOf(issuer: Issuer, text: string): Promise<readonly string[]> {
  const pieces = readText(text).map((piece) => ({ source: '', piece }));
  const terms = { now: NOW, at: NOW + 1, allowUnanchored: true, rules: 'ENTRY' };
  return (await decidePieces(pieces, trustIn(issuer), terms)).flatMap(({ codes }) => codes);
}
