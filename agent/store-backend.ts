import type { SharedDatabase } from './postgres/shared-database.ts';
import type { RawStore } from './raw-store.ts';
import type { RawRecord } from './store-records.ts';
import type { Source, Write } from './store-table.ts';

/** What is written at once, and what belongs to it. */
export interface Batch {
  readonly writes: readonly Write[];
  /** The one of them that no other batch has: by it is told whether the batch was written. */
  readonly mark: Write;
  /** Done once the batch is durable; if it fails nobody is told that it is. */
  readonly settle: () => Promise<void>;
  /** Done before a batch that failed is undone; by then `settle` may have run, or a part of it. */
  readonly undone: () => Promise<void>;
}

/** Where the records of a store lie: a LevelDB of this process, or a PostgreSQL that several agents share. */
export interface StoreBackend extends Source {
  /** Whether others write to it as well, while this process has it open. */
  readonly isShared: boolean;
  /** What those who write to it agree on besides. */
  readonly shared?: SharedDatabase;
  /** Runs over the records as they stand at one moment, whatever is written meanwhile. */
  readonly atOneMoment: <T>(run: (raw: RawStore) => Promise<T>) => Promise<T>;
  /** All records as of one moment, in the order of their keys, some at a time. */
  readonly records: () => AsyncGenerator<readonly RawRecord[]>;
  /**
   * Writes a batch that is made once nobody else can write; returns once it is durable. Nothing is written if none is made.
   * One at a time.
   *
   * IssuerError STORE_UNAVAILABLE, STORE_DAMAGED, STORE_LOCKED; what `make` throws.
   */
  readonly write: (make: (raw: RawStore) => Promise<Batch | undefined>) => Promise<void>;
  /** Drops for good what was deleted. */
  readonly compact: () => Promise<void>;
  /** Has somebody look whenever others may have written, and every second in any case. */
  readonly onNews?: (look: () => Promise<void>) => void;
  /** Gives it up for good. */
  readonly close: () => Promise<void>;
}
