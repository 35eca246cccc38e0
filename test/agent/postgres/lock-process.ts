import { LOCK_KIND, LockSession } from '../../../agent/postgres/lock-session.ts';

// Holds a lock until it is killed, and says when it does not hold it any more.
const session = await LockSession.open({ connectionString: process.argv[2] ?? '' });
const isTaken = await session.take({ kind: LOCK_KIND.anchoring, of: 1 });
process.stdout.write(isTaken ? 'held\n' : 'not held\n');
session.lost.addEventListener('abort', () => process.stdout.write('lost\n'));
