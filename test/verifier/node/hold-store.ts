/* Opens the store named on the command line and holds it until killed: another process, for the test of the lock. */
import { openTrustStore } from '../../../verifier/node/trust-store.ts';

await openTrustStore(process.argv[2] ?? '');
process.send?.('held');
setInterval(() => undefined, 1000);
