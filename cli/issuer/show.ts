import type { KeyWindow, SigningKey, TokenPlace } from '../../agent/issuer.ts';
import { strangerLines } from './key-words.ts';
import { keyAge, type KeyAge } from '../../agent/signing-keys.ts';
import { cleanText } from '../display.ts';
import { roomWords, standingWords } from './anchor-words.ts';
import { warnOfKey } from './key-warning.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export async function runShow(options: IssuerOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const { identity, registry } = issuer;
    const standing = issuer.anchoring.standing.now;
    const shown = issuer.keys().map(async (key) => {
      const { kid, x, y, createdAt, window, ended, destroyedAt } = key;
      const lacking = issuer.restoration.lacking(kid);
      const { revoked, changed } =
        lacking === undefined ? issuer.statusList(kid) : { revoked: lacking.revoked, changed: true };
      const restored =
        ended?.state !== 'compromised' && (issuer.restoration.isWaiting(kid) || lacking !== undefined);
      const anchor = issuer.anchorOf(kid);
      const place = await issuer.placeOf(kid);
      return {
        kid,
        x,
        y,
        createdAt,
        window,
        ended,
        destroyedAt,
        private: placeWord(place, destroyedAt),
        ...place,
        age: keyAge(key, Date.now() / 1000),
        issued: issuer.issuedCount(kid),
        revoked,
        anchor,
        toAnchor: changed,
        restored,
        ...issuer.roomOf(kid),
        ...(anchor === undefined || standing.final === undefined
          ? {}
          : { final: (standing.final[kid] ?? 0) >= anchor.counter }),
      };
    });
    const keys = await Promise.all(shown);
    const warning = warnOfKey(issuer, options);
    const strangers = issuer.restoration.strangers(issuer.did);
    report(options, { ...identity, registry, anchoring: standing, keys, warning, strangers }, [
      cleanText(identity.name),
      `  did        ${identity.did}`,
      `  iss        ${identity.iss}`,
      `  status     ${identity.statusBase}/status/<kid>`,
      registry === undefined
        ? '  registry   none yet'
        : `  registry   ${registry.registry} on chain ${registry.chainId}, issuer ${registry.issuerId}`,
      ...standingWords(
        standing,
        keys.some(({ toAnchor }) => toAnchor),
      ).map((words) => `  anchors    ${words}`),
      ...keys.flatMap(({ kid, window, age, ended, issued, revoked, anchor, toAnchor, restored, ...rest }) => [
        `  key        ${kid}`,
        `    lies     ${PLACES[rest.private](rest)}`,
        `    signs    ${signsWords(window, age, ended)}`,
        `    cards    ${revoked} revoked; ${issued} places of the list taken`,
        anchor === undefined
          ? '    chain    no list anchored yet: run `pratique issuer anchor`'
          : `    chain    counter ${anchor.counter}, ${anchor.revoked} revoked of ${anchor.length} bits${finalWords(rest.final)}${toAnchor ? '; the list has changed since' : ''}`,
        ...(anchor === undefined || ended !== undefined
          ? []
          : roomWords(rest).map((words) => `    room     ${words}`)),
        ...(restored ? ['    restored from a backup: run `pratique issuer anchor` before it signs'] : []),
      ]),
      ...strangerLines(strangers),
    ]);
  });
}

function finalWords(final: boolean | undefined): string {
  if (final === undefined) return '';
  return final ? ', final' : ', not final when last looked at';
}

/** Where the private part of a key lies. */
type PlaceWord = 'folder' | 'token' | 'destroyed';

const PLACES: Readonly<
  Record<PlaceWord, (key: { readonly token?: string; readonly destroyedAt: number | undefined }) => string>
> = {
  folder: () => 'in this folder, sealed',
  token: ({ token = '', destroyedAt }) =>
    destroyedAt === undefined
      ? `on token ${cleanText(token)}`
      : `on token ${cleanText(token)} still: plug it in and run \`pratique issuer key destroy\` again`,
  destroyed: () => 'nowhere: it was destroyed',
};

function placeWord(place: TokenPlace | undefined, destroyedAt: number | undefined): PlaceWord {
  if (place !== undefined) return 'token';
  return destroyedAt === undefined ? 'folder' : 'destroyed';
}

function signsWords(window: KeyWindow | undefined, age: KeyAge, ended: SigningKey['ended']): string {
  if (ended !== undefined) return `no more: ${ended.state} on ${new Date(ended.at * 1000).toISOString()}`;
  if (window === undefined) return 'not registered yet';
  const until =
    window.validUntil === 0 ? 'without end' : `until ${new Date(window.validUntil * 1000).toISOString()}`;
  return age === 'due' ? `${until}; DUE: make its successor now (\`pratique issuer rotate\`)` : until;
}
