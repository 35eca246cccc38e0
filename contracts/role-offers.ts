import * as AbiEvent from 'ox/AbiEvent';
import * as Hash from 'ox/Hash';
import * as Hex from 'ox/Hex';
import { issuerRegistryAbi } from './abi.ts';
import { readLogs } from './event-reader.ts';
import { readLatestBlock } from './log-reader.ts';

const ROLE_OFFERED = AbiEvent.getSelector(AbiEvent.fromAbi(issuerRegistryAbi, 'RoleOffered'));
const GUARDIAN = Hash.keccak256(Hex.fromString('GUARDIAN'));

/**
 * Every account that was ever offered to be guardian, each once, in order: nobody is one who was not offered it.
 *
 * Throws RegistryError as `readLogs` does.
 */
export async function readGuardianOffers(rpcUrl: string, registry: string): Promise<string[]> {
  const { number } = await readLatestBlock(rpcUrl);
  const topics = [[ROLE_OFFERED], GUARDIAN] as const;
  const logs = await readLogs(rpcUrl, registry, { from: 0, to: number }, { topics });
  return [...new Set(logs.map((log) => `0x${(log.topics[2] ?? '').slice(-40)}`))];
}
