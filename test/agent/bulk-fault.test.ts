import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import { IssuerError } from '../../agent/issuer-error.ts';
import { attachStrace, NO_STRACE } from '../support/strace.ts';
import { assertWhole, bulkFixture, outcomesIn, peopleLines } from './bulk-fixture.ts';

const PEOPLE = 1500;

/** By turns the files of cards and the store are what cannot be written. */
for (const [which, inject] of [
  ['no', 'fdatasync:error=EIO'],
  ['not every', 'fdatasync:error=EIO:when=2+3'],
] as const) {
  test(
    `a bulk during which ${which} fdatasync succeeds says so, and the same order goes on`,
    { skip: NO_STRACE },
    async (t) => {
      const { issuer, kid, out, bulk } = await bulkFixture(t, peopleLines(PEOPLE));
      const atWork = Promise.withResolvers<void>();
      const begun = bulk({ told: () => atWork.resolve() });
      // Looked at below.
      begun.catch(() => undefined);
      await atWork.promise;
      const detach = await attachStrace(process.pid, ['-e', `inject=${inject}`]);
      await assert.rejects(
        begun,
        (error) =>
          error instanceof IssuerError && ['STORE_UNAVAILABLE', 'OUTPUT_UNWRITABLE'].includes(error.code),
      );
      await detach();
      await later(500);
      const { finished, lines } = await bulk();
      assert.deepEqual({ finished, lines }, { finished: true, lines: PEOPLE });
      const outcomes = await outcomesIn(out);
      assertWhole(outcomes, PEOPLE);
      assert.ok(issuer.issuedCount(kid) >= PEOPLE);
      const last = outcomes.cards.at(-1);
      assert.equal((await issuer.revoke(last?.id ?? '')).already, false);
    },
  );
}
