import { type AccreditationWrites, accreditationWrites } from './registry-accreditation.ts';
import { openRegistry, type RegistryConnection } from './registry-calls.ts';
import { type GovernanceWrites, governanceWrites } from './registry-governance.ts';
import { type InstructionWrites, instructionWrites } from './registry-instructions.ts';
import { type IssuingWrites, issuingWrites } from './registry-issuing.ts';
import { type RegistryViews, registryViews } from './registry-views.ts';

export { keyPossessionMessage } from './key-possession.ts';

/**
 * Everything each role does with a registry. Every write is tried by `eth_call` first and refused with a sentence
 * (RegistryError REVERTED) if the contract would; it returns when it is in a block.
 */
export interface RegistryClient
  extends GovernanceWrites, AccreditationWrites, IssuingWrites, InstructionWrites, RegistryViews {
  readonly chainId: number;
  readonly address: string;
  /** The account that sends. */
  sender(): Promise<string>;
}

/**
 * Connect to a registry. Nothing is sent before the first write, and no account is needed to read.
 *
 * Throws RegistryError CHAIN_UNAVAILABLE, CHAIN_ANSWER_INVALID, WRONG_CHAIN or NO_REGISTRY.
 */
export async function connectRegistry(connection: RegistryConnection): Promise<RegistryClient> {
  const calls = await openRegistry(connection);
  const { chainId, address, sender } = calls;
  return {
    chainId,
    address,
    sender,
    ...governanceWrites(calls),
    ...accreditationWrites(calls),
    ...issuingWrites(calls),
    ...instructionWrites(calls),
    ...registryViews(calls),
  };
}
