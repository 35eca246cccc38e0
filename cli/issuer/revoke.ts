import type { CardChoice } from '../../agent/card-revocation.ts';
import type { Revocation, RevocationReason } from '../../agent/card-record.ts';
import { IssuerError } from '../../agent/issuer-error.ts';
import type { Issuer } from '../../agent/issuer.ts';
import type { ProductName } from '../../agent/products.ts';
import { failureOf, UsageError } from '../exit.ts';
import { withProgress } from '../trust/progress.ts';
import { anchorRun } from './anchor-run.ts';
import { listWords } from './anchor-words.ts';
import type { ChainOptions } from './connect.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface RevokeOptions extends IssuerOptions, ChainOptions {
  readonly now?: boolean;
  readonly out: string;
  readonly reason: RevocationReason;
  readonly person?: string;
  readonly born?: string;
  readonly lot?: string;
  readonly batch?: string;
  readonly supersededBy?: string;
  readonly product?: ProductName;
}

const NEXT = '  next     `pratique issuer anchor`, so that venues learn of it';

/** `pratique issuer revoke`: one card, or all of a person, a lot or a bulk. */
export async function runRevoke(id: string | undefined, options: RevokeOptions): Promise<void> {
  const choices = choicesOf(options);
  if (choices.length + (id === undefined ? 0 : 1) !== 1) {
    throw new UsageError('Say which cards: an id, or --person with --born, or --lot, or --batch.');
  }
  const { batch, supersededBy: by, product } = options;
  if (by === undefined ? product !== undefined : batch === undefined) {
    throw new UsageError('--superseded-by goes with --batch, and --product with both.');
  }
  await withIssuer(options, async (issuer, stop) => {
    const [choice] = choices;
    const told = await revokeSaid(issuer, id, { choice, options, stop });
    if (options.now === true) await anchorNow(issuer, options, told);
    else report(options, told.json, [...told.lines, ...(told.any ? [NEXT] : [])]);
  });
}

function choicesOf({ person, born, lot, batch }: RevokeOptions): readonly CardChoice[] {
  if ((person === undefined) !== (born === undefined)) {
    throw new UsageError('A person is named with the date of birth: give --person and --born together.');
  }
  return [
    ...(person === undefined || born === undefined ? [] : [{ person: { name: person, birthDate: born } }]),
    ...(lot === undefined ? [] : [{ lot }]),
    ...(batch === undefined ? [] : [{ batch }]),
  ];
}

/** Revokes what was said: the cards of a bulk that another replaced, those of a choice, or the one of an id. */
async function revokeSaid(
  issuer: Issuer,
  id: string | undefined,
  {
    choice,
    options,
    stop,
  }: {
    readonly choice: CardChoice | undefined;
    readonly options: RevokeOptions;
    readonly stop: AbortSignal;
  },
): Promise<Told> {
  const { batch, supersededBy: by, product, reason } = options;
  if (by !== undefined && batch !== undefined) {
    const which = { batch, by, ...(product === undefined ? {} : { product }) };
    return revokeMany(issuer.revokeSuperseded(which, { stop }), { reason: 'superseded', stop });
  }
  return choice === undefined
    ? revokeOne(issuer, id ?? '', options)
    : revokeMany(issuer.revokeAll(choice, { reason, stop }), { reason, stop });
}

/** What was revoked, in an object and in lines. */
interface Told {
  readonly json: object;
  readonly lines: readonly string[];
  /** False if nobody's card is touched. */
  readonly any: boolean;
}

async function revokeOne(issuer: Issuer, id: string, options: RevokeOptions): Promise<Told> {
  // A card that is not found has the whole store held against its log.
  const revocation = await withProgress('Revoking', async () =>
    issuer.revoke(id, { reason: options.reason }),
  );
  const { rid, revokedAt, reason, already } = revocation;
  const line = already
    ? `Card ${rid} was revoked on ${new Date(revokedAt * 1000).toISOString()} already (${reason}).`
    : `Card ${rid} is revoked (${reason}).`;
  return { json: revocation, lines: [line], any: true };
}

async function revokeMany(
  revoking: AsyncIterable<Revocation>,
  { reason, stop }: { readonly reason: RevocationReason; readonly stop: AbortSignal },
): Promise<Told> {
  const counts = await withProgress('Revoking', async () => {
    const made = { revoked: 0, already: 0 };
    for await (const { already } of revoking) {
      made[already ? 'already' : 'revoked']++;
    }
    return made;
  });
  const { revoked, already } = counts;
  if (stop.aborted) {
    throw new IssuerError(
      'INTERRUPTED',
      `${revoked + already} cards are revoked, perhaps not all: the same command goes on with the rest, then anchor.`,
    );
  }
  return { json: { ...counts, reason }, lines: [revokedWords(counts, reason)], any: revoked + already > 0 };
}

/** A lot that was mistyped is revoked by nobody: that nothing was found must not read like success. */
function revokedWords(
  { revoked, already }: { readonly revoked: number; readonly already: number },
  reason: RevocationReason,
): string {
  if (revoked + already === 0) {
    return 'NOTHING is revoked: no card of this issuer matches. Check the spelling of the lot, the bulk, or name and date of birth.';
  }
  const cards = revoked === 1 ? '1 card is' : `${revoked} cards are`;
  return `${cards} revoked (${reason})${already === 0 ? '' : `; ${already} were already`}.`;
}

/**
 * Anchors and publishes at once. A revocation stands whatever becomes of that: what did not get through is said, with the
 * exit status of its reason, and sent by the next anchor.
 */
async function anchorNow(issuer: Issuer, options: RevokeOptions, { json, lines }: Told): Promise<void> {
  try {
    const { lists } = await withProgress('Waiting for the chain', async () =>
      anchorRun(issuer, { ...options, unchanged: 'never' }),
    );
    report(options, { ...json, anchor: { landed: true, lists } }, [
      ...lines,
      ...lists.map((list) => listWords(list)),
    ]);
  } catch (error) {
    const { code, message, status } = failureOf(error);
    process.exitCode = status;
    report(options, { ...json, anchor: { landed: false, code, message } }, [
      ...lines,
      `ALARM: this is not on the chain yet, and venues do not know of it. ${code}: ${message}`,
      '  next     the next `pratique issuer anchor` sends it; it goes on from what was sent',
    ]);
  }
}
