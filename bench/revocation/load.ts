// A process of its own that takes a list from a bundle's text to where cards are looked up in it, the first it ever
// sees: what a gate pays at start, and what it holds afterwards. Started with --expose-gc.

import { performance } from 'node:perf_hooks';
import { indexTrust } from '../../verifier/pipeline/trust.ts';
import type { TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import { importEs256Key } from '../../credential/es256-node.ts';
import { bytesInMemory } from './memory.ts';

export interface LoadReport {
  readonly loadMs: number;
  /** What the list takes in memory beyond one bit a card. */
  readonly overheadBytes: number;
}

process.once('message', (message) => {
  const { text, kid } = message as { text: string; kid: string };
  const document = JSON.parse(text) as TrustDocument;
  const trust = indexTrust(document, { anchored: true, importKey: importEs256Key });
  const held = bytesInMemory();
  const begun = performance.now();
  const status = trust.entriesOf(kid)[0]?.status;
  const loadMs = performance.now() - begun;
  if (status?.kind !== 'bits') throw new Error('The list was not taken.');
  const overheadBytes = bytesInMemory() - held - status.list.length / 8;
  process.send?.({ loadMs, overheadBytes } satisfies LoadReport);
});
