import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { newKey } from '../support/cards.ts';
import { type Ledger, type Receipt, startLedger, word } from './ledger.ts';

/** EIP-170. */
const MAX_CODE_BYTES = 24_576;

describe('what the registry costs', () => {
  let ledger: Ledger;
  before(async () => {
    ledger = await startLedger();
  });
  after(() => ledger.stop());

  test('an issuer, a proven key and a warm anchor stay within their budgets, the log included', async () => {
    const { accreditor, controller } = ledger;
    const code = await ledger.openJurisdiction();
    const iss = 'https://ekeys.ny.gov/epass/doh/dvc/2021';
    const name = 'New York State Department of Health';
    const terms = ledger.newIssuer(code, { iss, name, statusBase: iss, attestations: 15 });
    within(130_000, await ledger.send(accreditor, 'registerIssuer', terms));

    const key = newKey();
    within(115_000, await ledger.send(controller, 'registerKey', ledger.newKey(key, 1n)));

    // Six million cards, one in a hundred revoked, after two years of days.
    const kid = `0x${Buffer.from(key.kid, 'base64url').toString('hex')}`;
    const first = { issuerId: 1, list: kid, root: word('first'), counter: 730, length: 46 * 131_072 };
    const anchor = { ...first, revoked: 56_000, isFinal: false };
    within(80_000, await ledger.send(controller, 'anchor', anchor));
    const next = { ...anchor, root: word('next'), counter: 731, revoked: 56_789 };
    within(42_000, await ledger.send(controller, 'anchor', next));
  });

  test('the code fits where every chain takes it', async () => {
    const code = await ledger.rpc<string>('eth_getCode', ledger.registry, 'latest');
    assert.ok((code.length - 2) / 2 <= MAX_CODE_BYTES);
  });
});

function within(budget: number, { gasUsed }: Receipt): void {
  assert.ok(Number(gasUsed) <= budget, `${Number(gasUsed)} gas is over ${budget}`);
}
