import { IssuerError } from './issuer-error.ts';

/** What the database or the file system said, as one of our codes. */
const CODE_OF_FAULT: Readonly<
  Record<string, 'STORE_LOCKED' | 'STORE_EXISTS' | 'STORE_DAMAGED' | 'STORE_MISSING'>
> = {
  LEVEL_LOCKED: 'STORE_LOCKED',
  LEVEL_CORRUPTION: 'STORE_DAMAGED',
  ENOTEMPTY: 'STORE_EXISTS',
  EEXIST: 'STORE_EXISTS',
};

const SENTENCE = {
  STORE_LOCKED: 'Another process holds this issuer folder: end it, or try again once it is done.',
  STORE_EXISTS: 'There is something in this folder already: say another --dir.',
  STORE_DAMAGED: "The issuer's store is damaged.",
  STORE_MISSING: 'There is no issuer in this folder: say its --dir, or make one with `pratique issuer init`.',
  STORE_UNAVAILABLE: "The issuer's store cannot be read or written.",
} as const;

/** LevelDB hands on the words of the system, and no code. */
const FULL = /no space left on device|disk quota exceeded|ENOSPC|EDQUOT/i;
const FULL_SENTENCE = "The disk of the issuer's store is full: once there is space, it goes on by itself.";

/** Runs what touches the disk; whatever it meets is an IssuerError of a closed code. */
export async function reporting<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw faultOf(error);
  }
}

/** What was met at the disk, as an IssuerError of a closed code. */
function faultOf(error: unknown): IssuerError {
  if (error instanceof IssuerError) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = CODE_OF_FAULT[codeOf(cause)] ?? CODE_OF_FAULT[codeOf(error)] ?? 'STORE_UNAVAILABLE';
  const full = [error, cause].some((each) => each instanceof Error && FULL.test(each.message));
  return new IssuerError(code, full ? FULL_SENTENCE : SENTENCE[code], { cause: error });
}

/** The code of an error of the system or the database; empty of any other. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
