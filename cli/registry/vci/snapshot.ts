import { decodeUtf8, parseJson } from '../../../credential/json.ts';
import { FormatError } from '../../../credential/errors.ts';
import { readFileUpTo } from '../../../verifier/node/read-file.ts';
import { readVciSnapshot, type Directory } from '../../../verifier/node/vci-directory.ts';
import { assertSnapshotSignature } from '../../../verifier/node/vci-signature.ts';
import type { DirectorySigner } from '../../../verifier/node/vci-signature.ts';
import { TrustError } from '../../../verifier/pipeline/trust-error.ts';
import { UsageError } from '../../exit.ts';

/** The real directory of 651 issuers has 0.7 MB. */
const MAX_SNAPSHOT = { bytes: 64 * 1024 * 1024, inWords: '64 MB' };
/** A P-521 signature has 139 bytes, a certificate under a kilobyte. */
const MAX_PROOF = { bytes: 64 * 1024, inWords: '64 kB' };

/** Where a snapshot lies, and what proves that it is the directory's. */
export interface SnapshotFiles {
  readonly signature?: string;
  readonly certificate?: string;
}

export interface Snapshot extends Directory {
  /** Whose signature holds; null if none was given. */
  readonly signer: DirectorySigner | null;
}

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
  const bytes = await read(path, MAX_SNAPSHOT);
  const signer =
    signature === undefined || certificate === undefined
      ? null
      : assertSnapshotSignature(
          bytes,
          {
            signature: await read(signature, MAX_PROOF),
            certificate: await read(certificate, MAX_PROOF),
          },
          Date.now() / 1000,
        );
  try {
    return { ...readVciSnapshot(parseJson(decodeUtf8(bytes))), signer };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new TrustError('DOCUMENT_MALFORMED', `The file ${path} is not JSON as a directory writes it.`);
  }
}

async function read(path: string, limit: typeof MAX_PROOF): Promise<Uint8Array> {
  try {
    const bytes = await readFileUpTo(path, limit.bytes);
    if (bytes !== 'too-large') return bytes;
  } catch (error) {
    throw unreadable(
      path,
      (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'cannot be read',
    );
  }
  throw unreadable(path, `is larger than ${limit.inWords}`);
}

function unreadable(path: string, why: string): TrustError {
  return new TrustError('FILE_UNREADABLE', `The file ${path} ${why}.`);
}
