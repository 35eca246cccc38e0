import { createInterface } from 'node:readline';
import { Leadership } from '../../../agent/postgres/leader.ts';
import { LockSession } from '../../../agent/postgres/lock-session.ts';

// Says its standing, and for each line on its standard input whether it may anchor, until it is killed.
const leadership = Leadership.start(
  async () => LockSession.open({ connectionString: process.argv[2] ?? '' }),
  (standing) => process.stdout.write(`${standing}\n`),
);
for await (const _ of createInterface(process.stdin)) {
  const answer = leadership
    .anchoring(async (assertTurn) => assertTurn())
    .then(
      () => 'anchored',
      (error: unknown) => (error as { readonly code: string }).code,
    );
  process.stdout.write(`${await answer}\n`);
}
