import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ZeroHash } from 'ethers';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { REFUSED_ISS } from '../support/iss.ts';
import { type Call, FROM, type Ledger, startLedger, VENUE, word } from './ledger.ts';

const MAX_EXACT = 2n ** 53n - 1n;
const MAX_TIME = 100_000_000_000;
const RULES = encodeJurisdiction('EVENTS-2026');
const NOWHERE = encodeJurisdiction('NOWHERE');

/** What may follow each status; nothing else may. */
const LIFE: readonly [number, readonly number[]][] = [
  [VENUE.Active, [VENUE.Suspended, VENUE.Withdrawn]],
  [VENUE.Suspended, [VENUE.Active, VENUE.Withdrawn]],
  [VENUE.Withdrawn, []],
];

let ledger: Ledger;
let code: string;
before(async () => {
  ledger = await startLedger();
  code = await ledger.openJurisdiction();
});
after(() => ledger.stop());

describe('rule sets', () => {
  interface Terms {
    id?: string;
    version?: bigint | number;
    validFrom?: bigint | number;
    digest?: string;
    uri?: string;
  }

  const publish = (terms: Terms, jurisdiction = code): Call => {
    const { id = RULES, version = 1, validFrom = FROM, digest = word('rules'), uri = '' } = terms;
    const args = [jurisdiction, id, version, validFrom, digest, uri];
    return { from: ledger.accreditor, name: 'publishRules', args };
  };

  test('one is published with its digest, version, beginning and place', async () => {
    const id = encodeJurisdiction('FIRST');
    await ledger.holds('rulesOf', [code, id], { version: 0, digest: ZeroHash, validFrom: 0 });
    const uri = 'https://rules.example/events.json';
    const receipt = await ledger.carryOut(publish({ id, version: 7, uri }));
    const told = { version: 7, validFrom: FROM, digest: word('rules') };
    ledger.tells(receipt, 'RulesPublished', {
      jurisdiction: code,
      id,
      by: ledger.accreditor,
      time: await ledger.time(),
      ...told,
      uri,
    });
    await ledger.holds('rulesOf', [code, id], told);
  });

  test('its versions rise, each id on its own and each jurisdiction too', async () => {
    const id = encodeJurisdiction('RISING');
    await ledger.refuses(publish({ id, version: 0 }), 'VersionNotRising', 0, 0);
    await ledger.carryOut(publish({ id, version: 3 }));
    for (const version of [0, 2, 3]) {
      await ledger.refuses(publish({ id, version }), 'VersionNotRising', 3, version);
    }
    await ledger.carryOut(publish({ id: encodeJurisdiction('BESIDE'), version: 1 }));
    await ledger.carryOut(publish({ id, version: 1 }, await ledger.openJurisdiction()));
    await ledger.carryOut(publish({ id, version: MAX_EXACT }));
    await ledger.holds('rulesOf', [code, id], { version: MAX_EXACT });
  });

  test('a digest of zero ends it, and a later version begins it anew', async () => {
    const id = encodeJurisdiction('ENDING');
    await ledger.carryOut(publish({ id }));
    await ledger.carryOut(publish({ id, version: 2, digest: ZeroHash }));
    await ledger.holds('rulesOf', [code, id], { version: 2, digest: ZeroHash });
    await ledger.refuses(publish({ id, version: 2 }), 'VersionNotRising', 2, 2);
    await ledger.carryOut(publish({ id, version: 3 }));
  });

  test('a version or a time that no reader holds exactly is refused', async () => {
    await ledger.refuses(publish({ version: MAX_EXACT + 1n }), 'InvalidRules');
    await ledger.refuses(publish({ version: 2n ** 64n - 1n }), 'InvalidRules');
    await ledger.refuses(publish({ validFrom: MAX_TIME + 1 }), 'InvalidRules');
    await ledger.carryOut(publish({ id: encodeJurisdiction('LATE'), validFrom: MAX_TIME }));
  });

  test('its id is written like a code, its place is https or nothing', async () => {
    for (const id of [ZeroHash, word('id'), `0x00${RULES.slice(2, 64)}`]) {
      await ledger.refuses(publish({ id }), 'InvalidJurisdictionCode', id);
    }
    for (const uri of REFUSED_ISS.filter((text) => text !== '')) {
      await ledger.refuses(publish({ uri }), 'InvalidUrl', uri);
    }
  });

  test('only the accreditor publishes, in a jurisdiction that is open', async () => {
    for (const from of [ledger.governor, ledger.neighbour, ledger.stranger]) {
      await ledger.refuses({ ...publish({}), from }, 'NotAccreditor', code, from);
    }
    await ledger.refuses(publish({}, NOWHERE), 'UnknownJurisdiction', NOWHERE);
  });
});

describe('venues', () => {
  let count = 0;
  const register = (terms: { did?: string; name?: string } = {}, jurisdiction = code): Call => {
    const { did = `did:web:venue-${++count}.example`, name = 'A venue' } = terms;
    return { from: ledger.accreditor, name: 'registerVenue', args: [jurisdiction, did, name] };
  };
  const registered = async (): Promise<bigint> =>
    ledger.event(await ledger.carryOut(register()), 'VenueRegistered')['venueId'] as bigint;
  const set = (id: unknown, status: number, from = ledger.accreditor): Call => ({
    from,
    name: 'setVenueStatus',
    args: [id, status, 42],
  });
  const rename = (id: unknown, name: string): Call => ({
    from: ledger.accreditor,
    name: 'renameVenue',
    args: [id, name],
  });

  test('one is registered with its DID and name, and found by the DID', async () => {
    const did = 'did:web:arena.example%3A8443:gate-1_A';
    const receipt = await ledger.carryOut(register({ did, name: 'The arena' }));
    const { venueId } = ledger.event(receipt, 'VenueRegistered');
    ledger.tells(receipt, 'VenueRegistered', {
      jurisdiction: code,
      by: ledger.accreditor,
      time: await ledger.time(),
      did,
      name: 'The arena',
    });
    assert.deepEqual(await ledger.lens('venueIdOf', code, did), [venueId]);
    await ledger.holds('venueOf', [venueId], { jurisdiction: code, status: VENUE.Active });
    await ledger.refuses(register({ did }), 'VenueExists', venueId);
  });

  test('a DID stands once in each jurisdiction', async () => {
    const did = 'did:web:chain.example';
    const other = await ledger.openJurisdiction();
    await ledger.carryOut(register({ did }));
    await ledger.carryOut(register({ did }, other));
    const [[one], [two]] = [
      await ledger.lens('venueIdOf', code, did),
      await ledger.lens('venueIdOf', other, did),
    ];
    assert.notEqual(one, two);
    await ledger.refuses(register({ did }, other), 'VenueExists', two);
  });

  test('one that nobody registered reads as none', async () => {
    assert.deepEqual(await ledger.lens('venueIdOf', code, 'did:web:nobody.example'), [0n]);
    await ledger.holds('venueOf', [9999], { jurisdiction: ZeroHash, status: VENUE.None });
    for (const id of [0, 9999]) {
      await ledger.refuses(rename(id, 'A name'), 'UnknownVenue', id);
      await ledger.refuses(set(id, VENUE.Active), 'UnknownVenue', id);
    }
  });

  test('its DID is one of 8 to 512 characters that a DID may have', async () => {
    for (const did of [
      '',
      'did:web',
      'did:w:a',
      'DID:web:a.example',
      'web:a.example',
      'https://a.example',
      'did:web:a.example/path',
      'did:web:a.example#key',
      'did:web:a.example?q',
      'did:web:a b',
      'did:web:a\n',
      'did:web:a\u0000',
      'did:web:a\u007f',
      'did:web:é',
      'did:web:a.example;',
      'did:web:a.example`',
      'did:web:a.example{',
      `did:web:${'a'.repeat(505)}`,
      `did:web:${'a'.repeat(10_000)}`,
    ]) {
      await ledger.refuses(register({ did }), 'InvalidDid', did);
    }
    for (const did of ['did:a:bc', 'did:key:zDnae', `did:web:${'a'.repeat(504)}`, 'did:x:AZaz09.-_:%20']) {
      await ledger.carryOut(register({ did }));
    }
  });

  test('its name is a name, at first and when it is renamed', async () => {
    const id = await registered();
    for (const [name, error, ...args] of [
      ['', 'InvalidNameLength', 0],
      ['x'.repeat(201), 'InvalidNameLength', 201],
      ['x'.repeat(10_000), 'InvalidNameLength', 10_000],
      ['A\u001bvenue', 'InvalidName'],
      ['\ufeffA venue', 'InvalidName'],
    ] as const) {
      await ledger.refuses(register({ name }), error, ...args);
      await ledger.refuses(rename(id, name), error, ...args);
    }
    const receipt = await ledger.carryOut(rename(id, 'Another name'));
    ledger.tells(receipt, 'VenueRenamed', {
      venueId: id,
      by: ledger.accreditor,
      time: await ledger.time(),
      name: 'Another name',
    });
  });

  test('each status is followed by those its life allows and by no other', async () => {
    for (const [from, allowed] of LIFE) {
      for (const to of Object.values(VENUE)) {
        const id = await registered();
        if (from !== VENUE.Active) await ledger.carryOut(set(id, from));
        if (allowed.includes(to)) {
          const receipt = await ledger.carryOut(set(id, to));
          ledger.tells(receipt, 'VenueStatusChanged', {
            venueId: id,
            by: ledger.accreditor,
            time: await ledger.time(),
            status: to,
            reason: 42,
          });
          await ledger.holds('venueOf', [id], { jurisdiction: code, status: to });
        } else {
          await ledger.refuses(set(id, to), 'InvalidVenueStatus', from, to);
        }
      }
    }
  });

  test('only the accreditor of its jurisdiction registers, renames and moves one', async () => {
    const id = await registered();
    for (const from of [ledger.governor, ledger.neighbour, ledger.stranger]) {
      for (const call of [register(), rename(id, 'Mine'), set(id, VENUE.Suspended)]) {
        await ledger.refuses({ ...call, from }, 'NotAccreditor', code, from);
      }
    }
    await ledger.refuses(register({}, NOWHERE), 'UnknownJurisdiction', NOWHERE);
  });

  test('a status that does not exist is no call of this contract', async () => {
    assert.equal(await ledger.revertOf(set(await registered(), 4)), '0x');
  });
});
