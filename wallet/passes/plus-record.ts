import { readHealthRecord } from '../../credential/health-record.ts';
import type { HealthRecord } from '../../credential/health-record.ts';
import { DEFAULT_POLICY } from '../../verifier/pipeline/venue-policy.ts';
import { examineCredential } from '../../verifier/pipeline/verify.ts';
import type { Ports } from '../../verifier/pipeline/verify.ts';
import type { WalletTrust } from './judged-pass.ts';
import { evidenceOf } from './kept-pass.ts';
import type { KeptPass } from './kept-pass.ts';

/** What the record of a Pass Plus says, as rules are asked over it; null of a Pass, and unless a trusted key signed it. */
export async function plusRecord(
  pass: KeptPass,
  { trust, now, allowUnanchored }: WalletTrust,
  ports: Ports,
): Promise<HealthRecord | null> {
  const terms = { now, allowUnanchored, policy: DEFAULT_POLICY, rules: 'none' };
  const { credential, entry } = await examineCredential(evidenceOf(pass), trust, terms, ports);
  return credential?.bundle === undefined || entry === undefined ? null : readHealthRecord(credential.bundle);
}
