import { deserialize, serialize } from 'node:v8';
import { importEs256Key } from '../../../credential/es256-node.ts';
import type { TrustDocument } from '../../pipeline/trust-document.ts';
import { indexTrust } from '../../pipeline/trust.ts';
import type { Trust } from '../../pipeline/trust.ts';
import type { NoTrust } from '../../pipeline/verify.ts';

/** Versions given in this process: two venues in it never have the same, and may have the same reader. */
let versions = 0;

/** Trust data for other threads: one copy in memory that every task points to. */
export interface SharedTrust {
  readonly version: number;
  readonly anchored: boolean;
  readonly document: SharedArrayBuffer;
}

/** What a task carries: a pointer, or why there is none. */
export type TaskTrust = SharedTrust | NoTrust;

/** Share trust data with other threads: written out once per swap, however many tasks follow. */
export function trustSharer(): (trust: Trust | NoTrust) => TaskTrust {
  let [held, shared]: [Trust | undefined, SharedTrust | undefined] = [undefined, undefined];
  return (trust) => {
    if (typeof trust === 'string') return trust;
    if (shared !== undefined && trust === held) return shared;
    const written = serialize(trust.document);
    const document = new SharedArrayBuffer(written.length);
    new Uint8Array(document).set(written);
    versions += 1;
    held = trust;
    shared = { version: versions, anchored: trust.anchored, document };
    return shared;
  };
}

/** Read shared trust data in another thread: once per swap, which a task recognises by the version. */
export function trustReader(): (shared: TaskTrust) => Trust | NoTrust {
  let [version, held]: [number, Trust | undefined] = [0, undefined];
  return (shared) => {
    if (typeof shared === 'string') return shared;
    if (held === undefined || shared.version !== version) {
      const document = deserialize(Buffer.from(shared.document).subarray()) as TrustDocument;
      held = indexTrust(document, { anchored: shared.anchored, importKey: importEs256Key });
      version = shared.version;
    }
    return held;
  };
}
