import { ShapeError } from '../../credential/strict-reader.ts';
import type { ReadPicture } from '../../verifier/pipeline/input.ts';
import type { Code } from '../../verifier/pipeline/decision.ts';
import type { Ports } from '../../verifier/pipeline/verify.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import { VaultError } from '../vault/vault-error.ts';
import { admit } from './admission.ts';
import type { Admission } from './admission.ts';
import { findCards } from './found-cards.ts';
import type { PassInput } from './found-cards.ts';
import { judgePass } from './judged-pass.ts';
import type { JudgedPass, WalletTrust } from './judged-pass.ts';
import { evidenceOf, isReadable, readKeptPass } from './kept-pass.ts';
import type { KeptPass } from './kept-pass.ts';
import { EMPTY_SHELF, placed, readShelf, without } from './shelf.ts';
import type { Shelf } from './shelf.ts';
import { standingOf, supersededBy } from './standing.ts';
import type { Standing } from './standing.ts';

/** The platform's: besides a verifier's, the reader of pictures. */
export interface PassPorts extends Ports {
  readonly readPicture: ReadPicture;
}

/** What became of one card of an input. */
export type Added =
  | Exclude<Admission, { kind: 'refused' }>
  /** It is in the wallet already. */
  | { readonly kind: 'held'; readonly id: string }
  | { readonly kind: 'refused'; readonly codes: readonly (Code | 'WALLET_FULL')[] };

/** A pass with how it stands now. */
export interface ShownPass extends JudgedPass {
  readonly pass: KeptPass;
  readonly standing: Standing;
  /** The id of the newer pass that takes its place. */
  readonly supersededBy: string | null;
}

/** Nobody has more; each is judged anew whenever the wallet opens, and all of them must fit into a backup. */
const ROOM = { passes: 200, chars: 4_000_000 };
/** Of its own: whoever sends a file of strangers' cards takes no place from passes that hold. */
const ROOM_APART = { passes: 20, chars: 1_000_000 };
const SHELF = 'shelf';
const PASS = 'pass/';

/** The passes in the vault, in the order of their adding; throws VaultError VAULT_LOCKED, VAULT_DAMAGED. */
export function keptPasses(vault: OpenVault): readonly KeptPass[] {
  const { records } = vault.contents();
  const passes = [...records].filter(([name]) => name.startsWith(PASS));
  return passes
    .map(([, value]) => undamaged(() => readKeptPass(value)))
    .toSorted((one, other) => one.addedAt - other.addedAt);
}

/** Whose passes they are, in what order; throws VaultError VAULT_LOCKED, VAULT_DAMAGED. */
export function shelfOf(vault: OpenVault): Shelf {
  const kept = vault.get(SHELF);
  const shelf = kept === undefined ? EMPTY_SHELF : undamaged(() => readShelf(kept));
  const known = new Set([...shelf.people.flatMap(({ passes }) => passes), ...shelf.apart]);
  // Names and order that were changed while a pass came in know nothing of it: it is not lost to sight.
  const all = keptPasses(vault);
  return all.filter(({ id }) => !known.has(id)).reduce((before, pass) => placed(before, pass, all), shelf);
}

/** Change names or order. */
export async function arrange(vault: OpenVault, change: (shelf: Shelf) => Shelf): Promise<void> {
  await vault.put(new Map([[SHELF, change(shelfOf(vault))]]));
}

/** Judge every card of an input and keep those that may be kept; answers about each, in order. */
export async function addPasses(
  vault: OpenVault,
  input: PassInput,
  trust: WalletTrust,
  ports: PassPorts,
): Promise<readonly Added[]> {
  const answers: Added[] = [];
  for (const card of await findCards(input, ports.readPicture)) {
    const admission = await admit(card, trust, ports);
    answers.push(admission.kind === 'refused' ? admission : await keep(vault, admission));
  }
  return answers;
}

async function keep(vault: OpenVault, admission: Exclude<Admission, { kind: 'refused' }>): Promise<Added> {
  const { pass } = admission;
  const all = keptPasses(vault);
  const before = all.find(({ id }) => id === pass.id);
  // What was kept apart is moved to its person once its issuer is known.
  if (before !== undefined && (before.facts !== null || pass.facts === null))
    return { kind: 'held', id: pass.id };
  if (before === undefined && !hasRoom(all, pass)) return { kind: 'refused', codes: ['WALLET_FULL'] };
  await put(vault, pass, all);
  return admission;
}

function hasRoom(all: readonly KeptPass[], { facts, text }: KeptPass): boolean {
  const isApart = facts === null;
  const beside = all.filter((other) => (other.facts === null) === isApart);
  const chars = beside.reduce((sum, other) => sum + other.text.length, text.length);
  const room = isApart ? ROOM_APART : ROOM;
  return beside.length < room.passes && chars <= room.chars;
}

async function put(vault: OpenVault, pass: KeptPass, all: readonly KeptPass[]): Promise<void> {
  const shelf = placed(shelfOf(vault), pass, all);
  await vault.put(
    new Map<string, unknown>([
      [PASS + pass.id, pass],
      [SHELF, shelf],
    ]),
  );
}

/** Forget a pass. */
export async function deletePass(vault: OpenVault, id: string): Promise<void> {
  const shelf = without(shelfOf(vault), id);
  await vault.put(
    new Map<string, unknown>([
      [PASS + id, undefined],
      [SHELF, shelf],
    ]),
  );
}

/**
 * How every pass stands now. One whose issuer has become known since leaves its place apart; one that cannot be checked
 * now keeps what was verified before, and says so.
 */
export async function showPasses(
  vault: OpenVault,
  trust: WalletTrust,
  ports: Ports,
): Promise<readonly ShownPass[]> {
  const shown: ShownPass[] = [];
  for (const kept of keptPasses(vault)) {
    const { decision, facts } = await judgePass(evidenceOf(kept), trust, ports);
    const pass = { ...kept, facts: facts ?? kept.facts };
    if (kept.facts === null && facts !== null && isReadable(pass)) await put(vault, pass, keptPasses(vault));
    shown.push({ pass, decision, facts: pass.facts, standing: standingOf(decision), supersededBy: null });
  }
  // What a venue turns away takes the place of nothing that it takes.
  const passes = shown
    .filter(({ standing }) => standing === 'good' || standing === 'unchecked')
    .map(({ pass }) => pass);
  return shown.map((one) => ({ ...one, supersededBy: supersededBy(one.pass, passes)?.id ?? null }));
}

function undamaged<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ShapeError) throw new VaultError('VAULT_DAMAGED');
    throw error;
  }
}
