import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { AbiCoder, keccak256, ZeroAddress } from 'ethers';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { newKey } from '../support/cards.ts';
import { DAY, GUARDIAN, type Ledger, REVOCATION, startLedger, STATUS, UNTIL, VENUE, word } from './ledger.ts';
import { registryStorageLayout, type StorageItem } from './storage-layout.ts';

const LAYOUT = registryStorageLayout();

/** OpenZeppelin's own, which nobody reads by its slot. */
const OF_OPENZEPPELIN = [
  '_roles',
  '_pendingDefaultAdmin',
  '_pendingDefaultAdminSchedule',
  '_currentDelay',
  '_currentDefaultAdmin',
  '_pendingDelay',
  '_pendingDelaySchedule',
  '_nameFallback',
  '_versionFallback',
  '_nonces',
];

/** The constants of RegistryLayout.sol, by the names of the variables that they stand for. */
function statedSlots(): Map<string, string> {
  const text = readFileSync(new URL('../../contracts/RegistryLayout.sol', import.meta.url), 'utf8');
  const constants = text.matchAll(/bytes32 \w+ constant ([A-Z_]+) = bytes32\(uint256\((\d+)\)\);/g);
  return new Map(
    [...constants].map(([, name = '', slot = '']) => [
      `_${name.toLowerCase().replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase())}`,
      slot,
    ]),
  );
}

describe('where the registry keeps what', () => {
  let ledger: Ledger;
  before(async () => {
    ledger = await startLedger();
  });
  after(() => ledger.stop());

  const variable = (label: string): StorageItem =>
    LAYOUT.storage.find((item) => item.label === label) ?? assert.fail(`there is no ${label}`);

  /** The slot of a mapping's value, as Solidity derives it, and what the compiler says of it. */
  function placeOf(label: string, keys: readonly unknown[]): { slot: bigint; type: string } {
    let { slot, type }: { slot: string; type: string } = variable(label);
    for (const key of keys) {
      const { key: keyType = '', value = '' } = LAYOUT.types[type] ?? {};
      const solidity = keyType.replace('t_', '');
      slot = String(
        BigInt(keccak256(AbiCoder.defaultAbiCoder().encode([solidity, 'uint256'], [key, BigInt(slot)]))),
      );
      type = value;
    }
    return { slot: BigInt(slot), type };
  }

  /** Words of storage: the contract's own answer, which must be that of a storage proof too. */
  async function wordsAt(slots: readonly bigint[]): Promise<bigint[]> {
    const hex = slots.map((slot) => `0x${slot.toString(16).padStart(64, '0')}`);
    const [words] = (await ledger.view('extsload', hex)) as unknown as [string[]];
    const { storageProof } = await ledger.rpc<{ storageProof: { value: string }[] }>(
      'eth_getProof',
      ledger.registry,
      hex,
      'latest',
    );
    assert.deepEqual(
      storageProof.map(({ value }) => BigInt(value)),
      [...words].map(BigInt),
    );
    return [...words].map(BigInt);
  }

  /** What stands under a key of a mapping, member by member, cut as the compiler cuts it. */
  async function stored(label: string, ...keys: unknown[]): Promise<Record<string, bigint>> {
    const { slot, type } = placeOf(label, keys);
    const members = LAYOUT.types[type]?.members ?? [{ label: 'value', slot: '0', offset: 0, type }];
    const words = await wordsAt([slot, slot + 1n]);
    return Object.fromEntries(
      members.map((member) => {
        const { numberOfBytes = '0' } = LAYOUT.types[member.type] ?? {};
        const value = (words[Number(member.slot)] ?? 0n) >> BigInt(8 * member.offset);
        return [member.label, BigInt.asUintN(8 * Number(numberOfBytes), value)];
      }),
    );
  }

  const same = (actual: Record<string, bigint>, expected: Record<string, unknown>): void => {
    assert.deepEqual(
      actual,
      Object.fromEntries(
        Object.entries(expected).map(([name, value]) => [
          name,
          typeof value === 'boolean' ? BigInt(value) : BigInt(value as string | number | bigint),
        ]),
      ),
    );
  };

  test('RegistryLayout names each variable of ours with the slot that the compiler gave it', () => {
    const ours = LAYOUT.storage.filter(({ label }) => !OF_OPENZEPPELIN.includes(label));
    const stated = statedSlots();
    assert.deepEqual(
      [...stated].filter(([label]) => label !== '_counts'),
      ours.filter(({ label }) => stated.has(label)).map(({ label, slot }) => [label, slot]),
    );
    // These share one word, and one is nobody's but the contract's.
    const counts = ours.filter(({ slot }) => slot === stated.get('_counts'));
    assert.deepEqual(
      counts.map(({ label, offset }) => [label, offset]),
      [
        ['_size', 0],
        ['_issuerCount', 8],
        ['_venueCount', 16],
      ],
    );
    assert.deepEqual(
      ours.filter(({ label }) => !stated.has(label) && !counts.some((count) => count.label === label)),
      [variable('_jurisdictionCount')],
    );
  });

  test('words are loaded in the order asked, as often as asked, and any of them', async () => {
    const [head, size] = (await ledger.view('logHead')) as [string, bigint];
    const zero = `0x${'0'.repeat(64)}`;
    const one = `0x${'1'.padStart(64, '0')}`;
    const far = word('nothing stands here');
    const [words] = (await ledger.view('extsload', [one, zero, far, zero])) as unknown as [string[]];
    const counts = `0x${size.toString(16).padStart(64, '0')}`;
    assert.deepEqual([...words], [counts, head, zero, head]);
    ledger.assertPlain(await ledger.view('extsload', []), ['']);
  });

  test('jurisdictions, roles and rules stand where the compiler and the lens look for them', async () => {
    const { accreditor, governor, guardian, successor } = ledger;
    const code = encodeJurisdiction('LAYOUT');
    await ledger.send(governor, 'openJurisdiction', code, 'A jurisdiction', accreditor);
    await ledger.suspend(code);
    await ledger.send(governor, 'proposeAccreditor', code, successor);
    const due = (await ledger.time()) + DAY;
    const { value: number } = await stored('_numbers', code);
    same(await stored('_jurisdictions', number), { accreditor, suspended: true, code });
    await ledger.holds('jurisdictionOf', [code], { accreditor, suspended: true });
    const proposal = { account: successor, notBefore: due, fromAbove: true };
    same(await stored('_accreditorProposals', number), proposal);
    await ledger.holds('accreditorProposalOf', [code], proposal);

    await ledger.send(governor, 'grantRole', GUARDIAN, guardian);
    const offered = (await ledger.time()) + DAY;
    same(await stored('_roleOffers', GUARDIAN, guardian), { value: offered });
    ledger.assertPlain(await ledger.lens('roleOfferOf', GUARDIAN, guardian), [offered]);

    await ledger.suspend(code, false);
    const id = encodeJurisdiction('RULES');
    const rules = { digest: word('rules'), version: 2n ** 53n - 1n, validFrom: 99_999_999_999 };
    const terms = [code, id, rules.version, rules.validFrom, rules.digest, ''];
    await ledger.send(accreditor, 'publishRules', ...terms);
    same(await stored('_rules', number, id), rules);
    await ledger.holds('rulesOf', [code, id], rules);
  });

  test('issuers and venues too', async () => {
    const { accreditor, controller, governor, operator, stranger } = ledger;
    const [code, other] = [await ledger.openJurisdiction(), await ledger.openJurisdiction()];
    const [{ value: number }, { value: otherNumber }] = [
      await stored('_numbers', code),
      await stored('_numbers', other),
    ];
    const iss = 'https://layout.example';
    const accreditation = { accreditedFrom: 1, accreditedUntil: UNTIL };
    const id = await ledger.registerIssuer({ iss, attestations: 2 ** 32 - 1, ...accreditation }, code);
    await ledger.send(controller, 'setOperator', id, operator);
    await ledger.send(governor, 'setIssuerHeld', id, true, 0);
    await ledger.setStatus(id, STATUS.Suspended);
    await ledger.send(accreditor, 'proposeController', id, stranger);
    const due = (await ledger.time()) + DAY;
    await ledger.send(governor, 'offerIssuer', id, other);
    const offerDue = (await ledger.time()) + DAY;

    same(await stored('_issuerIds', keccak256(Buffer.from(iss))), { value: id });
    const held = { controller, status: STATUS.Suspended, attestations: 2 ** 32 - 1, held: true };
    const { status, attestations } = held;
    same(await stored('_issuers', id), {
      controller,
      status,
      jurisdiction: number,
      attestations,
      held: true,
    });
    same(await stored('_accreditations', id), { from: 1, until: UNTIL });
    same(await stored('_operators', id), { value: operator });
    await ledger.holds('issuerOf', [id], { ...held, ...accreditation, operator, jurisdiction: code });
    const proposal = { account: stranger, notBefore: due, fromAbove: true };
    same(await stored('_controllerProposals', id), proposal);
    await ledger.holds('controllerProposalOf', [id], proposal);
    same(await stored('_transferOffers', id), {
      jurisdiction: otherNumber,
      byGovernor: true,
      notBefore: offerDue,
    });
    ledger.assertPlain(await ledger.lens('transferOfferOf', id), [other, true, offerDue]);

    const did = 'did:web:layout.example';
    const receipt = await ledger.send(accreditor, 'registerVenue', other, did, 'A venue');
    const { venueId } = ledger.event(receipt, 'VenueRegistered');
    await ledger.send(accreditor, 'setVenueStatus', venueId, VENUE.Withdrawn, 0);
    same(await stored('_venueIds', otherNumber, keccak256(Buffer.from(did))), { value: venueId });
    same(await stored('_venues', venueId), { jurisdiction: otherNumber, status: VENUE.Withdrawn });
    await ledger.holds('venueOf', [venueId], { jurisdiction: other, status: VENUE.Withdrawn });

    const [size] = (await ledger.view('logHead')).slice(1) as [bigint];
    const [counts = 0n] = await wordsAt([1n]);
    assert.deepEqual(counts, size | (id << 64n) | ((venueId as bigint) << 128n));
  });

  test('keys and anchors too', async () => {
    const { accreditor, controller, stranger } = ledger;
    const id = await ledger.registerIssuer();
    const key = newKey();
    const kid = await ledger.registerKey(key, id, { from: 7, until: UNTIL });
    await ledger.send(controller, 'retireKey', id, kid);
    const validUntil = await ledger.time();
    const retired = { validFrom: 7, validUntil, state: 2, revocation: REVOCATION.Bits, listed: false };
    same(await stored('_keys', id, kid), retired);
    await ledger.holds('keyOf', [id, kid], retired);
    const listing = await ledger.registerIssuer({ controller: ZeroAddress });
    const listedKid = await ledger.listKey(newKey(), listing, { validUntil: UNTIL });
    await ledger.send(accreditor, 'compromiseKey', listing, listedKid);
    const stolen = { validFrom: 0, validUntil: UNTIL, state: 3, revocation: REVOCATION.Rids, listed: true };
    same(await stored('_keys', listing, listedKid), stolen);
    await ledger.holds('keyOf', [listing, listedKid], stolen);
    await ledger.send(stranger, 'burnKey', ...ledger.burning(key, id));
    same(await stored('_burned', kid), { value: true });
    same(await stored('_burned', listedKid), { value: false });

    const list = word('list');
    const terms = { root: word('root'), counter: 3, length: 2n ** 53n - 1n, revoked: 5, isFinal: true };
    await ledger.send(controller, 'anchor', ledger.newAnchor(id, list, terms));
    const time = await ledger.time();
    const { root, state = 0n } = await stored('_anchors', id, list);
    assert.equal(root, BigInt(terms.root));
    const [counter, length, revoked] = [0n, 64n, 128n].map((at) => BigInt.asUintN(64, state >> at));
    const packed = [counter, length, revoked, BigInt.asUintN(56, state >> 192n), state >> 248n];
    ledger.assertPlain(packed, [3, terms.length, 5, time, 1]);
    const [first] = (await ledger.lens('anchorsOf', [{ issuerId: id, list }]))[2] as [object[]];
    ledger.assertPlain(Object.values(first), [terms.root, 3, terms.length, 5, time, true]);
  });
});
