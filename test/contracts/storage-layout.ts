import { compilerOutput } from './compiler.ts';
import { contractSources } from './instrumentation.ts';

/** What the compiler says of one type. */
interface StorageType {
  readonly encoding: string;
  readonly numberOfBytes: string;
  readonly key?: string;
  readonly value?: string;
  readonly members?: readonly StorageItem[];
}

/** A variable, or a member of a struct: `offset` in bytes from the low end of its word. */
export interface StorageItem {
  readonly label: string;
  readonly slot: string;
  readonly offset: number;
  readonly type: string;
}

export interface StorageLayout {
  readonly storage: readonly StorageItem[];
  readonly types: Readonly<Record<string, StorageType>>;
}

const FILE = 'contracts/IssuerRegistry.sol';

/** Where the compiler keeps what of the registry. */
export function registryStorageLayout(): StorageLayout {
  const settings = { outputSelection: { [FILE]: { IssuerRegistry: ['storageLayout'] } } };
  const { contracts } = compilerOutput(contractSources(), settings) as {
    contracts: Record<typeof FILE, { IssuerRegistry: { storageLayout: StorageLayout } }>;
  };
  return contracts[FILE].IssuerRegistry.storageLayout;
}
