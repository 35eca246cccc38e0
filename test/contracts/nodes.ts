import { readFileSync } from 'node:fs';
import { type ChainOptions, type LocalChain, startChain } from '../../cli/chain.ts';
import { issuerRegistryBytecode } from '../../contracts/bytecode.ts';
import { startAnvil } from '../support/anvil.ts';

/** The clients that run the contracts; anvil is there in a tenth of the time. */
export const CLIENTS = ['anvil', 'hardhat'] as const;
export type Client = (typeof CLIENTS)[number];

/** A folder, if the run is one of `.ci/coverage.mjs`: what is deployed then tells what of it was reached. */
const coverage = process.env['PRATIQUE_COVERAGE'];

/** Whether gas and size are those of the real code. */
export const isRealCode = coverage === undefined;

export const registryBytecode = isRealCode
  ? issuerRegistryBytecode
  : readFileSync(`${coverage}/bytecode.txt`, 'utf8');

export async function startClient(client: Client, options: ChainOptions = {}): Promise<LocalChain> {
  if (!isRealCode) return startChain(options, new URL('coverage-process.ts', import.meta.url));
  return client === 'anvil' ? startAnvil(options) : startChain(options);
}
