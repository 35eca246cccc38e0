import { z } from 'zod/v4';
import type { StandingCard } from '../card-lookup.ts';

const CARD = {
  id: z.string(),
  kid: z.string(),
  rid: z.string(),
  profile: z.enum(['pass', 'pass-plus']),
  product: z.string().nullable().meta({ description: 'null of a copy of a record outside of the products.' }),
  issuedAt: z.number(),
  batch: z.string().nullable().meta({ description: 'The bulk that it was issued in.' }),
};

/** A card and how it stands; nothing of its person. */
export const CARD_STANDING = z
  .discriminatedUnion('state', [
    z.strictObject({ ...CARD, state: z.literal('valid') }),
    z.strictObject({
      ...CARD,
      state: z.literal('revoked'),
      revokedAt: z.number(),
      reason: z.string(),
      anchored: z.boolean().meta({ description: 'Whether the chain is known to hold the revocation.' }),
    }),
  ])
  .meta({ id: 'CardStanding' });

/** A card for whoever may look it up. */
export function cardBody({ card, standing }: StandingCard): z.infer<typeof CARD_STANDING> {
  const { id, kid, rid, profile, product = null, issuedAt, batch = null } = card;
  return { id, kid, rid, profile, product, issuedAt, batch, ...standing };
}
