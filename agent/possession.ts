import { IssuerError } from './issuer-error.ts';

const DOMAIN = 'pratique/key-possession/1';
const WORD = 32;
/** abi.encode of (string, uint256, address, uint256, bytes32, uint64, uint64): seven words, then length and text. */
const HEAD_WORDS = 7;
const KID_WORD = 4;

/**
 * Holds a message to the one kind that is signed with a card key without being a card: the registry's proof of
 * possession of that very key. Otherwise whoever asks for a proof could have anything signed.
 *
 * IssuerError OPERATION_UNSUPPORTED.
 */
export function assertPossessionMessage(message: Uint8Array, kid: string): void {
  const bytes = Buffer.from(message);
  const word = (at: number): Buffer => bytes.subarray(at * WORD, (at + 1) * WORD);
  const text = Buffer.alloc(WORD);
  text.write(DOMAIN, 'ascii');
  const sound =
    bytes.length === (HEAD_WORDS + 2) * WORD &&
    word(0).equals(uint256(HEAD_WORDS * WORD)) &&
    word(HEAD_WORDS).equals(uint256(DOMAIN.length)) &&
    word(HEAD_WORDS + 1).equals(text) &&
    word(KID_WORD).equals(Buffer.from(kid, 'base64url'));
  if (!sound) {
    throw new IssuerError('OPERATION_UNSUPPORTED', 'This is not a proof of possession of this key.');
  }
}

function uint256(value: number): Buffer {
  const word = Buffer.alloc(WORD);
  word.writeUInt32BE(value, WORD - 4);
  return word;
}
