import { overPostgres } from './over-postgres.ts';

overPostgres(
  'status-ledger.test.ts',
  'restored-list.test.ts',
  'restoration.test.ts',
  'anchoring/anchoring.test.ts',
  'key-store.test.ts',
  'did-store.test.ts',
);
