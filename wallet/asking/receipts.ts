import { sha256 } from '@noble/hashes/sha2.js';
import { encodeBase64url } from '../../credential/base64url.ts';
import { list, oneOf, orNull, record, ShapeError, text } from '../../credential/strict-reader.ts';
import type { Read } from '../../credential/strict-reader.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import { VaultError } from '../vault/vault-error.ts';
import type { Offer } from './offer.ts';
import type { ReadRequest } from './read-request.ts';

/** To whom something was shown, when, and of what kind it was: nothing of what it said. */
export interface Receipt {
  /** Unix seconds. */
  readonly at: number;
  readonly did: string;
  /** By the registry, then; null of who was not known. */
  readonly name: string | null;
  readonly jurisdiction: string | null;
  readonly purpose: string;
  readonly profile: 'pass' | 'pass-plus';
  readonly passType: 'vaccination' | 'pcr' | 'antigen' | null;
  readonly by: 'code' | 'direct_post';
  /** SHA-256 of the nonce: what was answered once is not answered again. */
  readonly request: string;
}

const RECORD = 'receipts';
/** The oldest give way. */
const MAX_RECEIPTS = 500;

const line = (most: number): Read<string> => text(/^[^]*$/, most);
const seconds: Read<number> = (value) => {
  if (typeof value !== 'number' || !(value >= 0)) throw new ShapeError('something else where a time belongs');
  return value;
};
const readReceipts = list(
  record<Receipt>({
    at: seconds,
    did: line(512),
    name: orNull(line(2000)),
    jurisdiction: orNull(line(2000)),
    purpose: line(140),
    profile: oneOf('pass', 'pass-plus'),
    passType: orNull(oneOf('vaccination', 'pcr', 'antigen')),
    by: oneOf('code', 'direct_post'),
    request: text(/^[\w-]{43}$/, 43),
  }),
);

/** To whom what was shown, the newest first; throws VaultError VAULT_LOCKED, VAULT_DAMAGED. */
export function receiptsOf(vault: OpenVault): readonly Receipt[] {
  const kept = vault.get(RECORD);
  if (kept === undefined) return [];
  try {
    return readReceipts(kept);
  } catch (error) {
    if (error instanceof ShapeError) throw new VaultError('VAULT_DAMAGED');
    throw error;
  }
}

/** Whether a request was answered before. */
export function isAnswered(vault: OpenVault, { request }: ReadRequest): boolean {
  const name = nameOf(request.nonce);
  return receiptsOf(vault).some((receipt) => receipt.request === name);
}

/** Write down a consent before anything is shown: what was shown without a receipt would be forgotten. */
export async function keepReceipt(
  vault: OpenVault,
  { request, asker }: ReadRequest,
  { pass }: Offer,
  about: { readonly at: number; readonly by: Receipt['by'] },
): Promise<void> {
  const listing = asker.standing === 'known' ? asker.listings[0] : undefined;
  const receipt: Receipt = {
    at: about.at,
    did: asker.did,
    name: listing?.name ?? null,
    jurisdiction: listing?.jurisdiction ?? null,
    purpose: request.purpose,
    profile: pass.facts?.profile ?? 'pass',
    passType: pass.facts?.passType ?? null,
    by: about.by,
    request: nameOf(request.nonce),
  };
  await vault.put(new Map([[RECORD, [receipt, ...receiptsOf(vault)].slice(0, MAX_RECEIPTS)]]));
}

/** Forget to whom what was shown. */
export async function clearReceipts(vault: OpenVault): Promise<void> {
  await vault.put(new Map([[RECORD, undefined]]));
}

function nameOf(nonce: string): string {
  return encodeBase64url(sha256(new TextEncoder().encode(nonce)));
}
