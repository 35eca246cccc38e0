import { decodeBase64url } from '../../../credential/base64url.ts';
import type { ImportEs256Key } from '../../../credential/es256.ts';
import { indexTrust } from '../../../verifier/pipeline/trust.ts';
import { wouldBeAccepted } from '../../../wallet/passes/acceptance.ts';
import { addPasses, keptPasses, shelfOf, showPasses } from '../../../wallet/passes/pass-box.ts';
import type { Added, PassPorts } from '../../../wallet/passes/pass-box.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import type { WalletAnswers, WalletCases } from './cases.ts';

/** Add everything and look at what is there then. */
export async function runCases(
  { document, now, cases }: WalletCases,
  vault: OpenVault,
  ports: PassPorts & { readonly importKey: ImportEs256Key },
): Promise<WalletAnswers> {
  const indexed = indexTrust(document, { anchored: true, importKey: ports.importKey });
  const trust = { trust: indexed, now, allowUnanchored: false };
  const added = new Map<string, readonly string[]>();
  for (const { name, input } of cases) {
    const given = 'text' in input ? input : { file: decodeBase64url(input.picture) };
    added.set(name, (await addPasses(vault, given, trust, ports)).map(line));
  }
  const { people } = shelfOf(vault);
  const shown = (await showPasses(vault, trust, ports)).map(({ pass, standing, supersededBy }) => {
    const person = people.find(({ passes }) => passes.includes(pass.id))?.label ?? 'nobody';
    return [person, standing, ...(supersededBy === null ? [] : ['superseded'])].join(', ');
  });
  const [first] = keptPasses(vault);
  if (first === undefined) throw new Error('Nothing was kept.');
  const asked = { rules: 'US-NY/ENTRY', at: now + 86_400 };
  const { decision, rules } = await wouldBeAccepted(first, asked, { trust, ports, language: 'en' });
  const title = rules === null || typeof rules === 'string' ? String(rules) : rules.title;
  return {
    added: Object.fromEntries(added),
    shown,
    acceptance: [decision.outcome, ...decision.codes, title],
  };
}

function line(added: Added): string {
  switch (added.kind) {
    case 'refused':
      return `refused: ${added.codes.join(', ')}`;
    case 'held':
      return 'held';
    case 'kept':
    case 'apart':
      return `${added.kind}: ${added.decision.codes.join(', ')}`;
  }
}
