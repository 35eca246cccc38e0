import { z } from 'zod/v4';
import { FormatError } from '../../credential/errors.ts';
import { renderQrPath } from '../../credential/qr.ts';
import { mediaGuard } from '../../verifier/http/body.ts';
import type { Endpoint } from '../../verifier/http/endpoint.ts';
import { readJson } from '../../verifier/http/json-body.ts';
import { Problem } from '../../verifier/http/problem.ts';
import { CARD_STANDING, cardBody } from './card-body.ts';
import { PERSON_SAID } from './person-body.ts';
import { CLIENT_JSON_PROBLEMS, problemOf, PROBLEMS } from './problems.ts';
import type { ReadBody } from './read-body.ts';
import { recordLook, type Looks } from './record-look.ts';
import { clientOf, needs, type WhoAsks } from './who-asks.ts';

const JSON_TYPE = 'application/json';

const SHOW_REQUEST = z.strictObject({
  id: z.string().max(100).meta({ description: 'Id or rid of a card.' }),
});

const PICTURE_REQUEST = z.strictObject({
  jws: z.string().max(1195).meta({ description: 'The card, as it was issued.' }),
  profile: z.enum(['pass', 'pass-plus']),
});

const FOUND = z.strictObject({ cards: z.array(CARD_STANDING) }).meta({ id: 'CardsFound' });
const OUTLINE = z
  .strictObject({
    size: z.number().meta({ description: 'Modules a side, with the quiet zone.' }),
    path: z.string().meta({ description: 'A path of SVG, one unit a module.' }),
  })
  .meta({ id: 'QrOutline' });

/** What the addresses that look cards up need. */
export interface CardEnvironment extends WhoAsks, Looks {
  readonly readBody: ReadBody;
}

/** `POST /cards/search`, `/cards/show` and `/cards/qr`: what became of cards, and how one is shown. */
export function cardEndpoints(environment: CardEnvironment): readonly Endpoint[] {
  const { issuer, readBody } = environment;
  const problems = [...CLIENT_JSON_PROBLEMS, PROBLEMS.STORE_UNAVAILABLE, PROBLEMS.BUSY];
  return [
    {
      method: 'post',
      path: '/cards/search',
      summary: 'The cards of a person, the newest first; that somebody looked stands in the audit log.',
      takes: { [JSON_TYPE]: PERSON_SAID },
      gives: { [JSON_TYPE]: FOUND },
      problems: [...problems, PROBLEMS.QUOTA_REACHED],
      handlers: [
        mediaGuard([JSON_TYPE]),
        needs(environment, 'issue', 'revoke', 'records'),
        async (request, response) => {
          const { data } = PERSON_SAID.safeParse(readJson(await readBody(request)));
          if (data === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
          const { family, given, birthDate } = data;
          const tag = issuer.cards.tagOf({ name: `${given} ${family}`, birthDate });
          try {
            await recordLook(environment, clientOf(request), [tag]);
            const cards = await issuer.cards.ofPerson(tag);
            response.json({ cards: cards.map(cardBody) });
          } catch (error) {
            throw problemOf(error);
          }
        },
      ],
    },
    {
      method: 'post',
      path: '/cards/show',
      summary: 'A card by its id or rid: what it is and how it stands, and nothing of its person.',
      takes: { [JSON_TYPE]: SHOW_REQUEST },
      gives: { [JSON_TYPE]: CARD_STANDING },
      problems: [...problems, PROBLEMS.CARD_UNKNOWN, PROBLEMS.RID_AMBIGUOUS],
      handlers: [
        mediaGuard([JSON_TYPE]),
        needs(environment, 'issue', 'revoke', 'records'),
        async (request, response) => {
          const { data } = SHOW_REQUEST.safeParse(readJson(await readBody(request)));
          if (data === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
          try {
            response.json(cardBody(await issuer.cards.find(data.id)));
          } catch (error) {
            throw problemOf(error);
          }
        },
      ],
    },
    {
      method: 'post',
      path: '/cards/qr',
      summary:
        'The QR code of a card that was issued, as the outline of its dark modules. Nothing is kept of it.',
      takes: { [JSON_TYPE]: PICTURE_REQUEST },
      gives: {
        [JSON_TYPE]: OUTLINE,
      },
      problems: [...problems, PROBLEMS.CARD_TOO_LARGE],
      handlers: [
        mediaGuard([JSON_TYPE]),
        needs(environment, 'issue'),
        async (request, response) => {
          const { data } = PICTURE_REQUEST.safeParse(readJson(await readBody(request)));
          if (data === undefined) throw new Problem(PROBLEMS.BODY_INVALID);
          const scheme = data.profile === 'pass' ? 'pratique' : 'shc';
          try {
            response.json(renderQrPath(data.jws, scheme));
          } catch (error) {
            throw qrProblem(error);
          }
        },
      ],
    },
  ];
}

/** What cannot be drawn is too long, or no card. */
function qrProblem(error: unknown): unknown {
  if (!(error instanceof FormatError)) return error;
  return new Problem(error.code === 'TOO_LARGE' ? PROBLEMS.CARD_TOO_LARGE : PROBLEMS.BODY_INVALID);
}
