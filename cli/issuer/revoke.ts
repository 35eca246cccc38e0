import type { CardChoice } from '../../agent/card-revocation.ts';
import type { RevocationReason } from '../../agent/card-record.ts';
import type { Issuer } from '../../agent/issuer.ts';
import { UsageError } from '../exit.ts';
import { withProgress } from '../trust/progress.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface RevokeOptions extends IssuerOptions {
  readonly reason: RevocationReason;
  readonly person?: string;
  readonly born?: string;
  readonly lot?: string;
  readonly batch?: string;
}

const NEXT = '  next     `pratique issuer anchor`, so that venues learn of it';

/** `pratique issuer revoke`: one card, or all of a person, a lot or a bulk. */
export async function runRevoke(id: string | undefined, options: RevokeOptions): Promise<void> {
  const choices = choicesOf(options);
  if (choices.length + (id === undefined ? 0 : 1) !== 1) {
    throw new UsageError('Say which cards: an id, or --person with --born, or --lot, or --batch.');
  }
  await withIssuer(options, async (issuer) => {
    const [choice] = choices;
    if (choice === undefined) await revokeOne(issuer, id ?? '', options);
    else await revokeMany(issuer, choice, options);
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

async function revokeOne(issuer: Issuer, id: string, options: RevokeOptions): Promise<void> {
  const revocation = await issuer.revoke(id, { reason: options.reason });
  const { rid, revokedAt, reason, already } = revocation;
  report(options, revocation, [
    already
      ? `Card ${rid} was revoked on ${new Date(revokedAt * 1000).toISOString()} already (${reason}).`
      : `Card ${rid} is revoked (${reason}).`,
    NEXT,
  ]);
}

async function revokeMany(issuer: Issuer, choice: CardChoice, options: RevokeOptions): Promise<void> {
  const counts = await withProgress('Revoking', async () => {
    const made = { revoked: 0, already: 0 };
    for await (const { already } of issuer.revokeAll(choice, { reason: options.reason })) {
      made[already ? 'already' : 'revoked']++;
    }
    return made;
  });
  const { revoked, already } = counts;
  report(options, { ...counts, reason: options.reason }, [
    `${revoked} cards are revoked (${options.reason})${already === 0 ? '' : `; ${already} were already`}.`,
    ...(revoked === 0 ? [] : [NEXT]),
  ]);
}
