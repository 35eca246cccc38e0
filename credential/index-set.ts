import { concatBytes } from '@noble/hashes/utils.js';
import type { ByteStream, Parsing } from './byte-stream.ts';
import { FormatError } from './errors.ts';
import { encodeRice, RiceDecoder, riceParameter, type RiceCode } from './golomb-rice.ts';
import { encodeLeb128 } from './leb128.ts';
import type { StatusList } from './status-list.ts';

/**
 * The bits of a list that are on: their number (LEB128), the parameter (a byte), and the Rice code of their gaps.
 *
 * This is how each of our binary forms ends or goes on: the download of a list, the change of one, a block of one.
 */
export function encodeIndexSet(list: StatusList): Uint8Array {
  const parameter = riceParameter(list.length, list.revoked);
  return concatBytes(
    encodeLeb128(list.revoked),
    Uint8Array.of(parameter),
    encodeRice(list.indices(), parameter),
  );
}

/**
 * Reads what {@link encodeIndexSet} writes of a list of that length, and tells each index as it is found.
 *
 * @throws {FormatError} MALFORMED if it is not the one text of any set: more indices than the length, another parameter
 * than the rule's, an index beyond the length, padding that is not zero.
 */
export function* parseIndexSet(
  stream: ByteStream,
  length: number,
  found: (index: number) => void,
): Parsing<void> {
  yield* parseIndices(stream, yield* parseRiceCode(stream, length), found);
}

/** Reads of an index set what stands before the code of the gaps; throws as {@link parseIndexSet} does. */
export function* parseRiceCode(stream: ByteStream, length: number): Parsing<RiceCode> {
  const count = yield* stream.leb128();
  if (count > length) throw new FormatError('MALFORMED', 'More bits are on than the status list has.');
  const parameter = yield* stream.byte();
  if (parameter !== riceParameter(length, count)) {
    throw new FormatError('MALFORMED', 'The parameter of the code is not that of this many bits.');
  }
  return { length, count, parameter };
}

/** Reads of an index set the code of the gaps; throws as {@link parseIndexSet} does. */
export function* parseIndices(
  stream: ByteStream,
  code: RiceCode,
  found: (index: number) => void,
): Parsing<void> {
  const decoder = new RiceDecoder(code, found);
  while (!decoder.done) {
    if (stream.waiting === 0) yield;
    stream.take((chunk) => decoder.push(chunk));
  }
}
