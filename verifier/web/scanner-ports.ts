import type { Calls } from './parts/worker-calls.ts';

/** What the scanner works with. */
export interface ScannerPorts {
  readonly verifier: Calls;
  readonly reader: Calls;
  readonly storage: Storage;
}
