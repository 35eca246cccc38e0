import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AUDIT_LIST, chainFinding, rootOfPlace } from '../../agent/audit/audit-anchor.ts';
import { auditBroken } from '../../agent/audit/audit-broken.ts';
import { findingInWords } from '../../agent/audit/finding.ts';
import type { Issuer } from '../../agent/issuer.ts';
import type { AssertTurn } from '../../agent/postgres/anchoring-turn.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import type { NewAnchor } from '../../contracts/registry-terms.ts';
import { signInto } from '../registry/instruction.ts';

/** How many records the log has, and how many the chain holds; the block is missing if nothing was sent. */
export interface AnchoredAudit {
  readonly records: number;
  readonly counter: number;
  readonly anchored: number;
  readonly block?: number;
  readonly gas?: number;
}

/** The same, to be relayed by somebody else; the file is missing if it was held already. */
export interface SignedAudit {
  readonly records: number;
  readonly counter: number;
  readonly file?: string;
}

/**
 * Anchors the head of the audit log under a list name of its own, if it is to be sent and the chain does not hold it as
 * it is: from then on nobody rewrites or cuts what came before, not even with the passphrase.
 *
 * IssuerError AUDIT_BROKEN if what was anchored before is not in the log; RegistryError.
 */
export async function anchorAudit(
  issuer: Issuer,
  client: RegistryClient,
  {
    issuerId,
    isSent,
    assertTurn,
  }: {
    readonly issuerId: number;
    readonly isSent: boolean;
    /** Asked right before it is sent. */
    readonly assertTurn: AssertTurn;
  },
): Promise<AnchoredAudit> {
  const { terms, records, held } = await dueAnchor(issuer, client, issuerId);
  if (terms === undefined || !isSent) return { records, ...held };
  const { counter } = terms;
  const written = await client.landAnchor(terms, {
    // What is lost of it on the way is sent anew, as it stands by then.
    sent: [],
    record: assertTurn,
    landed: async () => (await client.anchorOf(issuerId, AUDIT_LIST)).counter >= counter,
  });
  const sent = written === undefined ? {} : { block: written.block, gas: Number(written.gas) };
  return { records, counter, anchored: records, ...sent };
}

/** Signs what `anchorAudit` would send into a file of a folder, after so many other instructions. Throws as that does. */
export async function signAudit(
  issuer: Issuer,
  client: RegistryClient,
  { issuerId, folder, after }: { readonly issuerId: number; readonly folder: string; readonly after: number },
): Promise<SignedAudit> {
  const { terms, records, held } = await dueAnchor(issuer, client, issuerId);
  if (terms === undefined) return { records, counter: held.counter };
  const { counter } = terms;
  await mkdir(folder, { recursive: true });
  const file = join(folder, `anchor-audit-${counter}.json`);
  await signInto(client, { instruction: 'anchor', terms }, { instruction: file, after });
  return { records, counter, file };
}

/** What became of it, in a line. */
export function auditAnchorInWords({ records, counter, anchored, block, gas }: AnchoredAudit): string {
  return block === undefined
    ? `Audit log: ${records} records, ${anchored} of them on the chain.`
    : `Audit log: ${records} records, anchored as counter ${counter} in block ${block}, ${gas} gas.`;
}

interface DueAnchor {
  readonly records: number;
  /** What the chain holds; zeros if nothing. */
  readonly held: { readonly counter: number; readonly anchored: number };
  /** None if the chain holds the whole log. */
  readonly terms?: NewAnchor;
}

async function dueAnchor(issuer: Issuer, client: RegistryClient, issuerId: number): Promise<DueAnchor> {
  const place = await issuer.audit.place();
  if (place === undefined) throw auditBroken('the head of the log is missing, or was changed');
  const held = await client.anchorOf(issuerId, AUDIT_LIST);
  const hash = held.counter === 0 ? undefined : await issuer.audit.hashOf(held.length);
  const matches = hash !== undefined && `0x${rootOfPlace(hash).toString('hex')}` === held.root.toLowerCase();
  if (held.counter > 0 && !matches) {
    // Anchoring over it would be what whoever cut the log is waiting for.
    const finding = chainFinding(held, hash, await issuer.audit.examine());
    if (finding !== undefined) throw auditBroken(findingInWords(finding));
  }
  const known = { records: place.n, held: { counter: held.counter, anchored: held.length } };
  if (matches && held.length === place.n) return known;
  const [list, root, counter] = [AUDIT_LIST, rootOfPlace(place.hash), held.counter + 1];
  return { ...known, terms: { issuerId, list, root, counter, length: place.n, revoked: 0, final: false } };
}
