import { keccak_256 } from '@noble/hashes/sha3.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { TrustError } from './trust-error.ts';

/** A log as the chain emitted it: topics and data in 0x-prefixed hex. */
export interface RawLog {
  readonly topics: readonly string[];
  readonly data: string;
}

const WORD = 32;

/**
 * The head of an empty log: `keccak256(abi.encode("pratique/log/1", chainid, registry))`.
 *
 * @param registry the contract's address, 0x-prefixed, 20 bytes
 * @throws TrustError LOG_MALFORMED if the address or the chain id is none
 */
export function logGenesis(chainId: number, registry: string): string {
  if (!Number.isSafeInteger(chainId) || chainId < 0) {
    throw new TrustError('LOG_MALFORMED', 'The chain id is not a whole number.');
  }
  const tag = utf8ToBytes('pratique/log/1');
  const encoded = concatBytes(
    uint256(3 * WORD), // offset of the string, behind the three head words
    uint256(chainId),
    leftPad(bytesOf(registry, 20)),
    uint256(tag.length),
    rightPad(tag),
  );
  return hex(keccak_256(encoded));
}

/**
 * The head after one more log event: `keccak256(head ‖ keccak256(uint8(topicCount) ‖ topics ‖ data))`.
 *
 * @throws TrustError LOG_MALFORMED if a topic is not 32 bytes, there are more than four, or the data is no hex
 */
export function nextHead(head: string, log: RawLog): string {
  if (log.topics.length < 1 || log.topics.length > 4) {
    throw new TrustError('LOG_MALFORMED', 'A log event has no topic, or more than four.');
  }
  const topics = log.topics.map((topic) => bytesOf(topic, WORD));
  const entry = keccak_256(concatBytes(Uint8Array.of(topics.length), ...topics, bytesOf(log.data)));
  return hex(keccak_256(concatBytes(bytesOf(head, WORD), entry)));
}

function bytesOf(text: string, length?: number): Uint8Array {
  const digits = text.startsWith('0x') ? text.slice(2) : undefined;
  if (digits === undefined || !/^(?:[0-9a-fA-F]{2})*$/.test(digits)) {
    throw new TrustError('LOG_MALFORMED', 'A log event holds something that is not hexadecimal.');
  }
  if (length !== undefined && digits.length !== 2 * length) {
    throw new TrustError('LOG_MALFORMED', `A log event holds a value that is not ${length} bytes long.`);
  }
  return hexToBytes(digits);
}

function uint256(value: number): Uint8Array {
  return hexToBytes(value.toString(16).padStart(2 * WORD, '0'));
}

function leftPad(bytes: Uint8Array): Uint8Array {
  const word = new Uint8Array(WORD);
  word.set(bytes, WORD - bytes.length);
  return word;
}

function rightPad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil(bytes.length / WORD) * WORD);
  padded.set(bytes);
  return padded;
}

function hex(bytes: Uint8Array): string {
  return `0x${bytesToHex(bytes)}`;
}
