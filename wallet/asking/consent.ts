import type { HolderKey } from '../vault/holder-key.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import { answerRequest } from './answer-request.ts';
import type { RequestAnswer } from './answer-request.ts';
import type { Offer } from './offer.ts';
import type { ReadRequest, RequestCode } from './read-request.ts';
import { isAnswered, keepReceipt } from './receipts.ts';
import type { Receipt } from './receipts.ts';

/**
 * What the holder agreed to: the receipt is written first, since what was shown without one would be forgotten, and only
 * then is anything signed. A request is answered once, and not after its time, however long the holder thought.
 *
 * A venue takes a signature for one minute; whoever shows the code for longer signs the same answer anew
 * (`answerRequest`), which is no second consent.
 *
 * @throws VaultError VAULT_LOCKED, or whatever kept the receipt from being written: nothing is signed then
 */
export async function consent(
  vault: OpenVault,
  read: ReadRequest,
  offer: Offer,
  about: { readonly holder: HolderKey; readonly now: number; readonly by: Receipt['by'] },
): Promise<RequestAnswer | RequestCode> {
  const { holder, now, by } = about;
  if (now >= read.request.exp) return 'REQUEST_EXPIRED';
  if (isAnswered(vault, read)) return 'REQUEST_ANSWERED';
  await keepReceipt(vault, read, offer, { at: now, by });
  return answerRequest(read.request, offer, holder, now);
}
