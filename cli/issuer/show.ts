import type { KeyWindow, SigningKey } from '../../agent/issuer.ts';
import { keyAge, type KeyAge } from '../../agent/signing-keys.ts';
import { cleanText } from '../display.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export async function runShow(options: IssuerOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const { identity, registry } = issuer;
    const keys = issuer.keys().map((key) => {
      const { kid, x, y, createdAt, window, ended, destroyedAt } = key;
      const { revoked, changed } = issuer.statusList(kid);
      const anchor = issuer.anchorOf(kid);
      return {
        kid,
        x,
        y,
        createdAt,
        window,
        ended,
        destroyedAt,
        age: keyAge(key, Date.now() / 1000),
        issued: issuer.issuedCount(kid),
        revoked,
        anchor,
        toAnchor: changed,
      };
    });
    report(options, { ...identity, registry, keys }, [
      cleanText(identity.name),
      `  did        ${identity.did}`,
      `  iss        ${identity.iss}`,
      `  status     ${identity.statusBase}/status/<kid>`,
      registry === undefined
        ? '  registry   none yet'
        : `  registry   ${registry.registry} on chain ${registry.chainId}, issuer ${registry.issuerId}`,
      ...keys.flatMap(({ kid, window, age, ended, issued, revoked, anchor, toAnchor }) => [
        `  key        ${kid}`,
        `    signs    ${signsWords(window, age, ended)}`,
        `    cards    ${issued} issued, ${revoked} revoked`,
        anchor === undefined
          ? '    chain    no list anchored yet: run `pratique issuer anchor`'
          : `    chain    counter ${anchor.counter}, ${anchor.revoked} revoked of ${anchor.length} bits${toAnchor ? '; the list has changed since' : ''}`,
      ]),
    ]);
  });
}

function signsWords(window: KeyWindow | undefined, age: KeyAge, ended: SigningKey['ended']): string {
  if (ended !== undefined) return `no more: ${ended.state} on ${new Date(ended.at * 1000).toISOString()}`;
  if (window === undefined) return 'not registered yet';
  const until =
    window.validUntil === 0 ? 'without end' : `until ${new Date(window.validUntil * 1000).toISOString()}`;
  return age === 'due' ? `${until}; DUE: make its successor now (\`pratique issuer key\`)` : until;
}
