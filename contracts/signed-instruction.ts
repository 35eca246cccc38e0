import { encodeCoordinate, encodeListName, REVOCATION, type RevocationName } from './registry-encoding.ts';
import { RegistryError } from './registry-error.ts';
import type { NewAnchor, NewKey } from './registry-terms.ts';

/*
 * An instruction that the controller or operator of an issuer signs (EIP-712) and anybody relays, as a file: an issuer
 * without ether can act, and whoever pays for it can change nothing of what it says.
 */

const INSTRUCTION_FORMAT = 'pratique/instruction/1';

/** What is instructed; each in the same terms as the write that it stands for. */
export type InstructedTerms =
  | { readonly instruction: 'register-key'; readonly terms: NewKey }
  | { readonly instruction: 'anchor'; readonly terms: NewAnchor };

/** Times are Unix seconds; `signature` is 0x-hex, by an account, or what a contract's ERC-1271 takes. */
export type SignedInstruction = InstructedTerms & {
  readonly chainId: number;
  readonly registry: string;
  readonly signer: string;
  readonly nonce: number;
  readonly deadline: number;
  readonly signature: string;
};

/** The members that are signed, in order, as IIssuerRegistry.sol says. */
export const INSTRUCTION_TYPES = {
  'register-key': {
    RegisterKey: fields(
      'uint64 issuerId, bytes32 x, bytes32 y, uint64 validFrom, uint64 validUntil, uint8 revocation, uint256 nonce, uint256 deadline',
    ),
  },
  anchor: {
    Anchor: fields(
      'uint64 issuerId, bytes32 list, bytes32 root, uint64 counter, uint64 length, uint64 revoked, bool isFinal, uint256 nonce, uint256 deadline',
    ),
  },
} as const;

function fields(text: string): { name: string; type: string }[] {
  return text.split(', ').map((field) => {
    const [type = '', name = ''] = field.split(' ');
    return { name, type };
  });
}

/** The text of an instruction's file. */
export function instructionFile(instruction: SignedInstruction): string {
  return `${JSON.stringify({ format: INSTRUCTION_FORMAT, ...instruction, terms: writtenTerms(instruction) }, null, 2)}\n`;
}

function writtenTerms(instructed: InstructedTerms): object {
  if (instructed.instruction === 'register-key') {
    const { issuerId, x, y, validFrom, validUntil, revocation, signature } = instructed.terms;
    const proof = Buffer.from(signature).toString('base64url');
    return { issuerId, x, y, validFrom, validUntil, revocation, proof };
  }
  const { root, ...terms } = instructed.terms;
  return { ...terms, list: encodeListName(terms.list), root: `0x${Buffer.from(root).toString('hex')}` };
}

/**
 * Read an instruction's file, parsed as JSON.
 *
 * Every member has to be there in its form, and no other: what is not understood is not passed on. Nothing of the
 * signature is checked here. Throws RegistryError INSTRUCTION_MALFORMED.
 */
export function parseInstruction(json: unknown): SignedInstruction {
  const file = members(json, [
    'format',
    'instruction',
    'terms',
    'chainId',
    'registry',
    'signer',
    'nonce',
    'deadline',
    'signature',
  ]);
  if (file['format'] !== INSTRUCTION_FORMAT) {
    throw malformed(`Its format is not ${INSTRUCTION_FORMAT}.`);
  }
  return {
    ...instructedTerms(file),
    chainId: count(file, 'chainId'),
    registry: hex(file, 'registry', 20),
    signer: hex(file, 'signer', 20),
    nonce: count(file, 'nonce'),
    deadline: count(file, 'deadline'),
    signature: hex(file, 'signature'),
  };
}

function instructedTerms(file: Members): InstructedTerms {
  const kind = file['instruction'];
  if (kind === 'register-key') {
    const terms = members(file['terms'], [
      'issuerId',
      'x',
      'y',
      'validFrom',
      'validUntil',
      'revocation',
      'proof',
    ]);
    const window = { validFrom: count(terms, 'validFrom'), validUntil: count(terms, 'validUntil') };
    return {
      instruction: kind,
      terms: {
        issuerId: count(terms, 'issuerId'),
        x: base64url(terms, 'x', 32),
        y: base64url(terms, 'y', 32),
        ...window,
        revocation: revocationOf(terms),
        signature: Uint8Array.from(Buffer.from(base64url(terms, 'proof', 64), 'base64url')),
      },
    };
  }
  if (kind === 'anchor') {
    const terms = members(file['terms'], [
      'issuerId',
      'list',
      'root',
      'counter',
      'length',
      'revoked',
      'final',
    ]);
    const final = terms['final'];
    if (typeof final !== 'boolean') throw malformed('Its member final is neither true nor false.');
    return {
      instruction: kind,
      terms: {
        issuerId: count(terms, 'issuerId'),
        list: hex(terms, 'list', 32),
        root: Uint8Array.from(Buffer.from(hex(terms, 'root', 32).slice(2), 'hex')),
        counter: count(terms, 'counter'),
        length: count(terms, 'length'),
        revoked: count(terms, 'revoked'),
        final,
      },
    };
  }
  throw malformed('It instructs neither to register a key nor to anchor.');
}

type Members = Readonly<Record<string, unknown>>;

/** Signatures of contract accounts are as long as their contract likes. */
const MAX_HEX_BYTES = 4096;

function members(value: unknown, names: readonly string[]): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('It is no JSON object.');
  const known = new Set(names);
  for (const name of names) if (!Object.hasOwn(value, name)) throw malformed(`It lacks the member ${name}.`);
  if (Object.keys(value).some((name) => !known.has(name))) {
    throw malformed('It has a member that such an instruction does not have.');
  }
  return value as Members;
}

function count(from: Members, name: string): number {
  const value = from[name];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw malformed(`Its member ${name} is no whole number.`);
  }
  return value;
}

function hex(from: Members, name: string, length?: number): string {
  const value = from[name];
  const bytes = typeof value === 'string' && /^0x([0-9a-fA-F]{2})*$/.test(value) ? value.length / 2 - 1 : -1;
  if (length === undefined ? bytes < 1 || bytes > MAX_HEX_BYTES : bytes !== length) {
    throw malformed(`Its member ${name} is not 0x and hexadecimal digits as many as it takes.`);
  }
  return value as string;
}

function base64url(from: Members, name: string, length: number): string {
  const value = from[name];
  try {
    if (typeof value === 'string') {
      encodeCoordinate(value, length);
      return value;
    }
  } catch {
    // Said below in the words of a file.
  }
  throw malformed(`Its member ${name} is not base64url of ${String(length)} bytes.`);
}

function revocationOf(terms: Members): RevocationName {
  const method = REVOCATION.find((word) => word === terms['revocation']);
  if (method === undefined) throw malformed('Its member revocation is not none, bits or rids.');
  return method;
}

function malformed(why: string): RegistryError {
  return new RegistryError('INSTRUCTION_MALFORMED', `The file is not a signed instruction. ${why}`);
}
