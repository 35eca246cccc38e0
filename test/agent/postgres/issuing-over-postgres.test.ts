import { overPostgres } from './over-postgres.ts';

overPostgres('issuer.test.ts', 'signing-keys.test.ts', 'issuance-policy.test.ts', 'card-revocation.test.ts');
