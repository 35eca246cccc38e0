import { cleanText } from '../display.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export async function runShow(options: IssuerOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    const { identity, registry } = issuer;
    const keys = issuer.keys().map(({ kid, x, y, createdAt, window }) => {
      const { revoked, changed } = issuer.statusList(kid);
      const anchor = issuer.anchorOf(kid);
      return {
        kid,
        x,
        y,
        createdAt,
        window,
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
      ...keys.flatMap(({ kid, window, issued, revoked, anchor, toAnchor }) => [
        `  key        ${kid}`,
        `    signs    ${window === undefined ? 'not registered yet' : `until ${new Date(window.validUntil * 1000).toISOString()}`}`,
        `    cards    ${issued} issued, ${revoked} revoked`,
        anchor === undefined
          ? '    chain    no list anchored yet: run `pratique issuer anchor`'
          : `    chain    counter ${anchor.counter}, ${anchor.revoked} revoked of ${anchor.length} bits${toAnchor ? '; the list has changed since' : ''}`,
      ]),
    ]);
  });
}
