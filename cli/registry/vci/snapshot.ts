import { decodeUtf8, parseJson } from '../../../credential/json.ts';
import { FormatError } from '../../../credential/errors.ts';
import { readFileUpTo } from '../../../verifier/node/read-file.ts';
import { readVciSnapshot } from '../../../verifier/node/vci-directory.ts';
import { assertSnapshotSignature } from '../../../verifier/node/vci-signature.ts';
import type { DirectorySigner } from '../../../verifier/node/vci-signature.ts';
import { TrustError } from '../../../verifier/pipeline/trust-error.ts';
import { UsageError } from '../../exit.ts';

/** The real directory of 651 issuers has 0.7 MB. */
const MAX_SNAPSHOT_BYTES = 64 * 1024 * 1024;
/** A P-521 signature has 139 bytes, a certificate under a kilobyte. */
const MAX_PROOF_BYTES = 64 * 1024;

/** Where a snapshot lies, and what proves that it is the directory's. */
export interface SnapshotFiles {
  readonly signature?: string;
  readonly certificate?: string;
}

export type Snapshot = ReturnType<typeof readVciSnapshot> & {
  /** Whose signature holds; null if none was given. */
  readonly signer: DirectorySigner | null;
};

/**
 * Read a snapshot of the VCI directory, and its signature over these very bytes if one is given.
 *
 * @throws TrustError FILE_UNREADABLE, SNAPSHOT_SIGNATURE_INVALID, DOCUMENT_MALFORMED; UsageError
 */
export async function readSnapshot(
  path: string,
  { signature, certificate }: SnapshotFiles,
): Promise<Snapshot> {
  if ((signature === undefined) !== (certificate === undefined)) {
    throw new UsageError('A signature is checked with its certificate: give --signature and --certificate.');
  }
  const bytes = await read(path, MAX_SNAPSHOT_BYTES);
  const signer =
    signature === undefined || certificate === undefined
      ? null
      : assertSnapshotSignature(
          bytes,
          {
            signature: await read(signature, MAX_PROOF_BYTES),
            certificate: await read(certificate, MAX_PROOF_BYTES),
          },
          Date.now() / 1000,
        );
  try {
    return { ...readVciSnapshot(parseJson(decodeUtf8(bytes))), signer };
  } catch (error) {
    if (error instanceof FormatError) throw unreadable(path, 'is not JSON');
    throw error;
  }
}

async function read(path: string, limit: number): Promise<Uint8Array> {
  try {
    const bytes = await readFileUpTo(path, limit);
    if (bytes !== 'too-large') return bytes;
  } catch (error) {
    throw unreadable(
      path,
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'cannot be read',
    );
  }
  throw unreadable(path, `is larger than ${limit / 1024} kB`);
}

function unreadable(path: string, why: string): TrustError {
  return new TrustError('FILE_UNREADABLE', `The file ${path} ${why}.`);
}
