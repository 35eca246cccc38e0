import { overPostgres } from './over-postgres.ts';

overPostgres(
  'service/service.test.ts',
  'service/clients.test.ts',
  'service/client-assertion.test.ts',
  'service/idempotency.test.ts',
  'retrieval/corrections.test.ts',
);
