import type { RegistryCalls, Written } from './registry-calls.ts';
import { decodeKid } from './registry-encoding.ts';
import { RegistryError, type RegistryCode } from './registry-error.ts';
import { anchorTerms, keyTerms } from './registry-terms.ts';
import { INSTRUCTION_TYPES, type InstructedTerms, type SignedInstruction } from './signed-instruction.ts';

/** Signing for others to send, and sending what others signed. */
export interface InstructionWrites {
  /**
   * Sign as the account that would send. `deadline` is in Unix seconds; `after` is how many instructions that are not
   * relayed yet come before this one.
   *
   * Throws RegistryError ARGUMENT_INVALID, or ACCOUNT_UNAVAILABLE if the node does not sign.
   */
  signInstruction(
    instructed: InstructedTerms,
    options: { readonly deadline: number; readonly after?: number },
  ): Promise<SignedInstruction>;
  /**
   * Send what somebody signed, at one's own expense; `kid` if it registered a key.
   *
   * Throws RegistryError WRONG_CHAIN, WRONG_REGISTRY, INSTRUCTION_EXPIRED, INSTRUCTION_USED, INSTRUCTION_EARLY or
   * INSTRUCTION_FORGED before anything is sent, or as any write does.
   */
  relay(instruction: SignedInstruction): Promise<Written & { readonly kid?: string }>;
}

/** The contract's own refusals of what is an instruction's own fault. */
const CODES: Readonly<Record<string, RegistryCode>> = {
  InstructionExpired: 'INSTRUCTION_EXPIRED',
  InstructionNotSigned: 'INSTRUCTION_FORGED',
};

export function instructionWrites(calls: RegistryCalls): InstructionWrites {
  const { chainId, address, view, write, writeNew, sender, signTypedData } = calls;

  const relayed = async (instruction: SignedInstruction): Promise<Written & { readonly kid?: string }> => {
    const { signer, nonce, deadline, signature } = instruction;
    const args = [structOf(instruction), { signer, nonce, deadline, signature }];
    if (instruction.instruction === 'anchor') return write('anchorBySignature', args);
    const { made, ...written } = await writeNew('registerKeyBySignature', args, 'KeyRegistered');
    return { ...written, kid: decodeKid(String(made['kid'])) };
  };

  return {
    signInstruction: async (instructed, { deadline, after = 0 }) => {
      const signer = await sender();
      const nonce = Number((await view('nonces', [signer]))[0]) + after;
      const signature = await signTypedData(INSTRUCTION_TYPES[instructed.instruction], {
        ...structOf(instructed),
        nonce,
        deadline,
      });
      return { ...instructed, chainId, registry: address, signer, nonce, deadline, signature };
    },
    relay: async (instruction) => {
      if (instruction.chainId !== chainId) {
        throw new RegistryError(
          'WRONG_CHAIN',
          `The instruction is for chain ${String(instruction.chainId)}, and the node serves chain ${String(chainId)}.`,
        );
      }
      if (instruction.registry.toLowerCase() !== address.toLowerCase()) {
        throw new RegistryError(
          'WRONG_REGISTRY',
          `The instruction is for the registry at ${instruction.registry}, not for this one.`,
        );
      }
      try {
        return await relayed(instruction);
      } catch (error) {
        throw faultOf(error, instruction);
      }
    },
  };
}

function structOf(instructed: InstructedTerms): Record<string, unknown> {
  return instructed.instruction === 'anchor' ? anchorTerms(instructed.terms) : keyTerms(instructed.terms);
}

/** A refusal by the contract that the instruction itself is to blame for, by its own code. */
function faultOf(error: unknown, { nonce }: SignedInstruction): unknown {
  if (!(error instanceof RegistryError) || error.code !== 'REVERTED') return error;
  const { message, refusal } = error;
  if (refusal?.name === 'InvalidAccountNonce') {
    return nonce < Number(refusal.args[1])
      ? new RegistryError(
          'INSTRUCTION_USED',
          `The instruction was relayed already, or another in its place. ${message}`,
          refusal,
        )
      : new RegistryError(
          'INSTRUCTION_EARLY',
          `Instructions before this one have to be relayed first. ${message}`,
          refusal,
        );
  }
  const code = CODES[refusal?.name ?? ''];
  return code === undefined ? error : new RegistryError(code, message, refusal);
}
