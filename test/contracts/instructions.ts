import { type TypedDataDomain, type TypedDataField, Wallet } from 'ethers';
import type { Ledger } from './ledger.ts';

/** EIP-712 types as the manual states them. */
export const TYPES: Record<'Anchor' | 'RegisterKey', readonly [type: string, name: string][]> = {
  RegisterKey: [
    ['uint64', 'issuerId'],
    ['bytes32', 'x'],
    ['bytes32', 'y'],
    ['uint64', 'validFrom'],
    ['uint64', 'validUntil'],
    ['uint8', 'revocation'],
    ['uint256', 'nonce'],
    ['uint256', 'deadline'],
  ],
  Anchor: [
    ['uint64', 'issuerId'],
    ['bytes32', 'list'],
    ['bytes32', 'root'],
    ['uint64', 'counter'],
    ['uint64', 'length'],
    ['uint64', 'revoked'],
    ['bool', 'isFinal'],
    ['uint256', 'nonce'],
    ['uint256', 'deadline'],
  ],
};

/** What the relaying functions take besides the terms. */
export interface Instruction {
  readonly signer: string;
  readonly nonce: bigint;
  readonly deadline: number;
  readonly signature: string;
}

export function domainOf(ledger: Ledger): TypedDataDomain {
  const { chainId, registry: verifyingContract } = ledger;
  return { name: 'Pratique issuer registry', version: '1', chainId, verifyingContract };
}

export function fieldsOf(type: keyof typeof TYPES): Record<string, TypedDataField[]> {
  return { [type]: TYPES[type].map(([field, name]) => ({ type: field, name })) };
}

/** An account without ether that signs what others relay. */
export function newSigner(): Wallet {
  return new Wallet(Wallet.createRandom().privateKey);
}

/** An instruction by a standard signer, due in an hour of the chain's time, its nonce the signer's next. */
export async function instruct(
  ledger: Ledger,
  wallet: Wallet,
  type: keyof typeof TYPES,
  terms: object,
  other: { nonce?: bigint; deadline?: number; signer?: string; domain?: TypedDataDomain } = {},
): Promise<Instruction> {
  const { signer = wallet.address, domain = {} } = other;
  const [next] = (await ledger.view('nonces', signer)) as [bigint];
  const { nonce = next, deadline = (await ledger.time()) + 3600 } = other;
  const signature = await wallet.signTypedData({ ...domainOf(ledger), ...domain }, fieldsOf(type), {
    ...terms,
    nonce,
    deadline,
  });
  return { signer, nonce, deadline, signature };
}
