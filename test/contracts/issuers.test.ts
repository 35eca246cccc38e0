import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ZeroAddress, ZeroHash } from 'ethers';
import { didWebFromIss } from '../../credential/did-web.ts';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { newKey } from '../support/cards.ts';
import { dataDir } from '../support/data.ts';
import { PERMITTED_ISS, REFUSED_ISS } from '../support/iss.ts';
import { abi, type Call, DAY, FROM, type Ledger, startLedger, STATUS, UNTIL, word } from './ledger.ts';

/** What may follow each status; nothing else may. */
const LIFE: readonly [number, readonly number[]][] = [
  [STATUS.Pending, [STATUS.Active, STATUS.Withdrawn]],
  [STATUS.Active, [STATUS.Suspended, STATUS.Retired, STATUS.Withdrawn]],
  [STATUS.Suspended, [STATUS.Active, STATUS.Retired, STATUS.Withdrawn]],
  [STATUS.Retired, [STATUS.Withdrawn]],
  [STATUS.Withdrawn, []],
];

interface IssuerRegistered {
  issuerId: bigint;
  iss: string;
  did: string;
}

describe('issuers', () => {
  let ledger: Ledger;
  let code: string;
  before(async () => {
    ledger = await startLedger();
    code = await ledger.openJurisdiction();
  });
  after(() => ledger.stop());

  const byAccreditor = (name: string, ...args: unknown[]): Call => ({ from: ledger.accreditor, name, args });
  const register = (terms: object): Call => byAccreditor('registerIssuer', ledger.newIssuer(code, terms));
  const idOf = async (iss: string): Promise<unknown> => (await ledger.lens('issuerIdOf', iss))[0];

  test('the accreditor registers an issuer, which the log tells whole and storage in part', async () => {
    const iss = 'https://ekeys.ny.gov/epass/doh/dvc/2021';
    const terms = {
      iss,
      name: 'New York',
      statusBase: `${iss}/status`,
      accreditedUntil: UNTIL,
      attestations: 15,
    };
    const receipt = await ledger.send(
      ledger.accreditor,
      'registerIssuer',
      ledger.newIssuer(code, { ...terms, status: STATUS.Pending }),
    );
    const { issuerId } = ledger.event(receipt, 'IssuerRegistered');
    const held = {
      jurisdiction: code,
      controller: ledger.controller,
      status: STATUS.Pending,
      accreditedFrom: FROM,
      accreditedUntil: UNTIL,
      attestations: 15,
    };
    ledger.tells(receipt, 'IssuerRegistered', {
      ...held,
      by: ledger.accreditor,
      time: await ledger.time(),
      did: didWebFromIss(iss),
      iss,
      name: 'New York',
      statusBase: `${iss}/status`,
    });
    assert.equal(await idOf(iss), issuerId);
    await ledger.holds('issuerOf', [issuerId], { ...held, operator: ZeroAddress, held: false });
    await ledger.refuses(register({ iss }), 'IssuerExists', issuerId);
  });

  test('an issuer nobody registered reads as none', async () => {
    assert.equal(await idOf('https://nobody.example'), 0n);
    await ledger.holds('issuerOf', [9999], { status: STATUS.None, jurisdiction: ZeroHash });
    await ledger.refuses(
      { from: ledger.accreditor, name: 'setIssuerStatus', args: [9999, STATUS.Active, 0] },
      'UnknownIssuer',
      9999,
    );
  });

  test('only the accreditor of its jurisdiction registers and moves an issuer', async () => {
    const id = await ledger.registerIssuer({}, code);
    const nowhere = encodeJurisdiction('NOWHERE');
    for (const from of [ledger.governor, ledger.controller, ledger.stranger]) {
      await ledger.refuses({ ...register({}), from }, 'NotAccreditor', code, from);
      await ledger.refuses(
        { from, name: 'setIssuerStatus', args: [id, STATUS.Withdrawn, 0] },
        'NotAccreditor',
        code,
        from,
      );
    }
    await ledger.refuses(register({ jurisdiction: nowhere }), 'UnknownJurisdiction', nowhere);
  });

  test('the did is the did:web of the iss, which is kept as it is spelled', async () => {
    for (const [iss, did] of PERMITTED_ISS) {
      const receipt = await ledger.send(ledger.accreditor, 'registerIssuer', ledger.newIssuer(code, { iss }));
      const registered = ledger.event(receipt, 'IssuerRegistered');
      assert.deepEqual([registered['iss'], registered['did']], [iss, did]);
      await ledger.registerIssuer({ statusBase: iss }, code);
    }
  });

  test('what lies behind an iss in the transaction is not looked at', async () => {
    for (const [iss, behind] of [
      ['https://behind.example', ':8443/a'],
      ['https://behind.example/a', '/b'],
      ['https://behind.example:8443', '0'],
      ['https://behind-it.example', '.org'],
    ] as const) {
      const data = abi.encodeFunctionData('registerIssuer', [
        ledger.newIssuer(code, { iss, statusBase: '' }),
      ]);
      const hex = (text: string): string => Buffer.from(text).toString('hex');
      const dirty = data.replace(hex(iss) + '00'.repeat(behind.length), hex(iss + behind));
      assert.notEqual(dirty, data);
      const { accreditor: from, registry: to } = ledger;
      const hash = await ledger.rpc('eth_sendTransaction', { from, to, data: dirty });
      const receipt = await ledger.receipt(hash);
      ledger.tells(receipt, 'IssuerRegistered', { iss, did: didWebFromIss(iss) });
    }
  });

  test('an iss that could be read or spelled in two ways is refused, and so is such a status base', async () => {
    for (const url of REFUSED_ISS) {
      await ledger.refuses(register({ iss: url, statusBase: '' }), 'InvalidIss', url);
      if (url !== '') await ledger.refuses(register({ statusBase: url }), 'InvalidUrl', url);
    }
    await ledger.registerIssuer({ statusBase: '' }, code);
  });

  test('an iss is taken as written: in other capitals it is another issuer, with another DID', async () => {
    const spellings = [
      'https://place.example/x',
      'https://Place.example/x',
      'https://PLACE.EXAMPLE/x',
      'https://place.example/X',
      `https://${'h.'.repeat(60)}ab/Z`,
      `https://${'h.'.repeat(60)}aB/Z`,
    ];
    const ids = new Map<string, bigint>();
    for (const iss of spellings) {
      assert.equal(await idOf(iss), 0n);
      ids.set(iss, await ledger.registerIssuer({ iss }, code));
    }
    assert.equal(new Set(ids.values()).size, spellings.length);
    assert.equal(new Set(spellings.map(didWebFromIss)).size, spellings.length);
    for (const [iss, id] of ids) {
      assert.equal(await idOf(iss), id);
      await ledger.refuses(register({ iss }), 'IssuerExists', id);
    }
  });

  test('of two spellings of a host each is vouched for by its own accreditor, and ends on its own', async () => {
    const other = encodeJurisdiction('OTHER');
    await ledger.send(ledger.governor, 'openJurisdiction', other, 'Another', ledger.stranger);
    const first = await ledger.registerIssuer({ iss: 'https://twice.example' }, code);
    const terms = ledger.newIssuer(other, { iss: 'https://Twice.example' });
    const registered = ledger.event(
      await ledger.send(ledger.stranger, 'registerIssuer', terms),
      'IssuerRegistered',
    );
    assert.equal(registered['jurisdiction'], other);
    const second = registered['issuerId'];
    const withdraw = [second, STATUS.Withdrawn, 0];
    await ledger.refuses(
      { from: ledger.accreditor, name: 'setIssuerStatus', args: withdraw },
      'NotAccreditor',
      other,
      ledger.accreditor,
    );
    await ledger.send(ledger.stranger, 'setIssuerStatus', ...withdraw);
    assert.equal((await ledger.held('issuerOf', second))['status'], BigInt(STATUS.Withdrawn));
    assert.equal((await ledger.held('issuerOf', first))['status'], BigInt(STATUS.Active));
  });

  test(
    'every issuer of the real directory can be registered, also the two that it lists in two spellings',
    { skip: dataDir === undefined ? 'PRATIQUE_TEST_DATA is not set' : false },
    async () => {
      const text = readFileSync(join(dataDir ?? '', 'vci-directory', 'vci_snapshot.json'), 'utf8');
      const { issuerInfo } = JSON.parse(text) as { issuerInfo: { issuer: { iss: string; name: string } }[] };
      const directory = await startLedger();
      try {
        const opened = await directory.openJurisdiction();
        const ids = new Map<string, bigint>();
        const dids = new Set<unknown>();
        const issuers = issuerInfo.map(({ issuer: { iss, name } }) =>
          directory.newIssuer(opened, { iss, name, statusBase: '', controller: ZeroAddress }),
        );
        for (let at = 0; at < issuers.length; at += 100) {
          const { accreditor } = directory;
          const batch = await directory.send(accreditor, 'listIssuers', issuers.slice(at, at + 100));
          assert.ok(Number(batch.gasUsed) <= 15_000_000, `${Number(batch.gasUsed)} gas`);
          for (const log of batch.logs) {
            const { issuerId, iss, did } = (abi.parseLog(log)?.args.toObject() ?? {}) as IssuerRegistered;
            assert.equal(did, didWebFromIss(iss));
            ids.set(iss, issuerId);
            dids.add(did);
          }
        }
        assert.deepEqual([ids.size, new Set(ids.values()).size, dids.size], [651, 651, 651]);
        for (const [iss, id] of ids) assert.deepEqual(await directory.lens('issuerIdOf', iss), [id]);

        // One organisation each, with one key, whose cards may name either spelling.
        for (const [one, two] of [
          ['https://epicproxy.hhchealth.org', 'https://EpicProxy.hhchealth.org'],
          ['https://sf1.rmcps.com', 'https://SF1.rmcps.com'],
        ] as const) {
          const [small, capital] = [one, two].map((host) =>
            [...ids].filter(([iss]) => iss.startsWith(`${host}/`)),
          );
          assert.deepEqual([small?.length, capital?.length], [1, 1]);
          assert.notEqual(small?.[0]?.[1], capital?.[0]?.[1]);
        }
      } finally {
        await directory.stop();
      }
    },
  );

  test('a name has 1 to 200 bytes', async () => {
    await ledger.refuses(register({ name: '' }), 'InvalidNameLength', 0);
    for (const length of [201, 10_000]) {
      await ledger.refuses(register({ name: 'x'.repeat(length) }), 'InvalidNameLength', length);
    }
    await ledger.registerIssuer({ name: 'x'.repeat(200) }, code);
  });

  test('a name holds no control character and begins with no byte order mark', async () => {
    for (const character of ['\u0000', '\u0001', '\n', '\u001b', '\u001f', '\u007f']) {
      for (const at of [0, 1, 30, 31, 32, 33, 199]) {
        const name = `${'x'.repeat(at)}${character}`;
        await ledger.refuses(register({ name }), 'InvalidName');
        await ledger.refuses(register({ name: name.padEnd(200, 'x') }), 'InvalidName');
      }
    }
    for (const name of ['\ufeff', '\ufeffA clinic']) await ledger.refuses(register({ name }), 'InvalidName');
    for (const name of [' ', '~', '\u0080', 'é', '日本', '\ufffd', '𝒜', 'A\ufeff', '~ '.repeat(100)]) {
      const receipt = await ledger.send(
        ledger.accreditor,
        'registerIssuer',
        ledger.newIssuer(code, { name }),
      );
      assert.equal(ledger.event(receipt, 'IssuerRegistered')['name'], name);
    }
  });

  test('an accreditation that ends before it begins, or is in milliseconds, is refused', async () => {
    for (const [accreditedFrom, accreditedUntil] of [
      [FROM, FROM],
      [FROM, FROM - 1],
      [FROM * 1000, 0],
      [100_000_000_001, 0],
      [0, FROM * 1000],
      [0, 100_000_000_001],
    ]) {
      await ledger.refuses(
        register({ accreditedFrom, accreditedUntil }),
        'InvalidWindow',
        accreditedFrom,
        accreditedUntil,
      );
    }
    await ledger.registerIssuer({ accreditedFrom: 0, accreditedUntil: 100_000_000_000 }, code);
  });

  test('an issuer begins pending or active', async () => {
    for (const status of [STATUS.None, STATUS.Suspended, STATUS.Retired, STATUS.Withdrawn]) {
      await ledger.refuses(register({ status }), 'InvalidIssuerStatus', STATUS.None, status);
    }
  });

  test('an issuer without controller is only listed', async () => {
    const id = await ledger.listIssuer(code);
    assert.equal((await ledger.held('issuerOf', id))['controller'], ZeroAddress);
  });

  test('many are listed in one transaction, each with its own id and event, or none of them', async () => {
    const list = (...issuers: object[]): Call => byAccreditor('listIssuers', issuers);
    const other = await ledger.openJurisdiction();
    const issuers = [
      ledger.newIssuer(code),
      ledger.newIssuer(other, { controller: ZeroAddress, status: STATUS.Pending }),
      ledger.newIssuer(code),
    ] as [{ iss: string }, { iss: string }, { iss: string }];
    const receipt = await ledger.carryOut(list(...issuers));
    const ids = await Promise.all(issuers.map(async ({ iss }) => idOf(iss)));
    const [first] = ids as [bigint];
    assert.deepEqual(ids, [first, first + 1n, first + 2n]);
    assert.equal(receipt.logs.length, 3);
    await ledger.holds('issuerOf', [ids[1]], { jurisdiction: other, status: STATUS.Pending });

    const fresh = ledger.newIssuer(code) as { iss: string };
    await ledger.refuses(list(fresh, issuers[1]), 'IssuerExists', ids[1]);
    await ledger.refuses(list(fresh, fresh), 'IssuerExists', first + 3n);
    await ledger.refuses(list(fresh, { ...fresh, iss: '' }), 'InvalidIss', '');
    const foreign = await ledger.openJurisdiction(ledger.neighbour);
    await ledger.refuses(list(fresh, ledger.newIssuer(foreign)), 'NotAccreditor', foreign, ledger.accreditor);
    assert.equal(await idOf(fresh.iss), 0n);
    assert.equal((await ledger.carryOut(list())).logs.length, 0);
  });

  describe('moved through their life', () => {
    test('each status is followed by those its life allows and by no other', async () => {
      for (const [from, allowed] of LIFE) {
        for (const to of Object.values(STATUS)) {
          const id = await ledger.issuerIn(from, code);
          const call = byAccreditor('setIssuerStatus', id, to, 65_535);
          if (allowed.includes(to)) {
            ledger.tells(await ledger.carryOut(call), 'IssuerStatusChanged', {
              issuerId: id,
              by: ledger.accreditor,
              time: await ledger.time(),
              status: to,
              reason: 65_535,
            });
            await ledger.holds('issuerOf', [id], { status: to });
          } else {
            await ledger.refuses(call, 'InvalidIssuerStatus', from, to);
          }
        }
      }
    });

    test('a status that does not exist is no call of this contract', async () => {
      const id = await ledger.registerIssuer({}, code);
      assert.equal(await ledger.revertOf(byAccreditor('setIssuerStatus', id, 6, 0)), '0x');
      assert.equal(await ledger.revertOf(register({ status: 6 })), '0x');
    });

    test('who retires is accredited until now, unless that was over before', async () => {
      const past = FROM + DAY;
      for (const [accreditedUntil, ends] of [
        [0, 'now'],
        [UNTIL, 'now'],
        [past, past],
      ] as const) {
        const id = await ledger.registerIssuer({ accreditedUntil }, code);
        await ledger.setStatus(id, STATUS.Retired);
        const until = ends === 'now' ? await ledger.time() : ends;
        await ledger.holds('issuerOf', [id], { accreditedFrom: FROM, accreditedUntil: until });
        await ledger.setStatus(id, STATUS.Withdrawn);
        await ledger.holds('issuerOf', [id], { accreditedUntil: until });
      }
    });

    test('no other status changes the accreditation', async () => {
      for (const status of [STATUS.Suspended, STATUS.Withdrawn]) {
        const id = await ledger.issuerIn(status, code);
        await ledger.holds('issuerOf', [id], { accreditedFrom: FROM, accreditedUntil: 0 });
      }
    });
  });

  describe('stated anew', () => {
    const update = (id: unknown, terms: object = {}): Call => {
      const stated = { from: FROM, until: UNTIL, attestations: 15, name: 'Another name', ...terms };
      return byAccreditor('updateIssuer', id, ...Object.values(stated));
    };

    test('name, accreditation and attestations, while the issuer has not come to an end', async () => {
      for (const status of [STATUS.Pending, STATUS.Active, STATUS.Suspended]) {
        const id = await ledger.issuerIn(status, code);
        const accreditation = { accreditedFrom: FROM + 1, accreditedUntil: UNTIL + 1 };
        const stated = { ...accreditation, attestations: 2 ** 32 - 1 };
        const terms = { from: FROM + 1, until: UNTIL + 1, attestations: 2 ** 32 - 1 };
        ledger.tells(await ledger.carryOut(update(id, terms)), 'IssuerUpdated', {
          issuerId: id,
          by: ledger.accreditor,
          time: await ledger.time(),
          ...stated,
          name: 'Another name',
        });
        await ledger.holds('issuerOf', [id], { ...stated, status, controller: ledger.controller });
      }
      for (const status of [STATUS.Retired, STATUS.Withdrawn]) {
        const id = await ledger.issuerIn(status, code);
        await ledger.refuses(update(id), 'IssuerNotActive', id, status);
      }
    });

    test('by the accreditor only, with a name and a window as at first', async () => {
      const id = await ledger.registerIssuer({}, code);
      for (const from of [ledger.governor, ledger.controller, ledger.neighbour]) {
        await ledger.refuses({ ...update(id), from }, 'NotAccreditor', code, from);
      }
      await ledger.refuses(update(9999), 'UnknownIssuer', 9999);
      await ledger.refuses(update(id, { name: '' }), 'InvalidNameLength', 0);
      await ledger.refuses(update(id, { name: 'x'.repeat(10_000) }), 'InvalidNameLength', 10_000);
      await ledger.refuses(update(id, { name: 'A\u0000' }), 'InvalidName');
      for (const [from, until] of [
        [FROM, FROM],
        [FROM * 1000, 0],
        [0, FROM * 1000],
      ]) {
        await ledger.refuses(update(id, { from, until }), 'InvalidWindow', from, until);
      }
    });

    test('the place of its status data, by who controls it', async () => {
      const base = (from: string, id: unknown, url: string): Call => ({
        from,
        name: 'setStatusBase',
        args: [id, url],
      });
      const { accreditor, controller, stranger } = ledger;
      const listing = await ledger.listIssuer(code);
      for (const [from, id, url] of [
        [controller, await ledger.registerIssuer({}, code), 'https://status.example/base'],
        [controller, await ledger.issuerIn(STATUS.Pending, code), ''],
        [controller, await ledger.issuerIn(STATUS.Retired, code), ''],
        [accreditor, listing, 'https://status.example'],
      ] as const) {
        ledger.tells(await ledger.carryOut(base(from, id, url)), 'IssuerStatusBaseChanged', {
          issuerId: id,
          by: from,
          time: await ledger.time(),
          statusBase: url,
        });
        for (const bad of [
          'http://status.example',
          'https://status.example/',
          `https://${'h'.repeat(10_000)}`,
        ]) {
          await ledger.refuses(base(from, id, bad), 'InvalidUrl', bad);
        }
        for (const other of [stranger, from === accreditor ? controller : accreditor]) {
          await ledger.refuses(base(other, id, url), 'NotController', id, other);
        }
      }
      await ledger.refuses(base(controller, 9999, ''), 'UnknownIssuer', 9999);
      for (const status of [STATUS.Suspended, STATUS.Withdrawn]) {
        const id = await ledger.issuerIn(status, code);
        await ledger.refuses(base(controller, id, ''), 'IssuerNotActive', id, status);
      }
    });
  });

  describe('held', () => {
    const hold = (id: unknown, held: boolean): Call => ({
      from: ledger.governor,
      name: 'setIssuerHeld',
      args: [id, held, 65_535],
    });

    test('once, whatever the status, which stays beside it, and let go once', async () => {
      for (const status of Object.values(STATUS).slice(1)) {
        const id = await ledger.issuerIn(status, code);
        await ledger.refuses(hold(id, false), 'HoldUnchanged', id, false);
        for (const held of [true, false]) {
          ledger.tells(await ledger.carryOut(hold(id, held)), 'IssuerHoldChanged', {
            issuerId: id,
            by: ledger.governor,
            time: await ledger.time(),
            held,
            reason: 65_535,
          });
          await ledger.holds('issuerOf', [id], { status, held });
          await ledger.refuses(hold(id, held), 'HoldUnchanged', id, held);
        }
      }
      await ledger.refuses(hold(9999, true), 'UnknownIssuer', 9999);
    });

    test('its controller raises no trust, while its accreditor can still end it', async () => {
      const { accreditor, controller, operator, stranger } = ledger;
      const id = await ledger.registerIssuer({}, code);
      const listing = await ledger.listIssuer(code);
      const kid = await ledger.registerKey(newKey(), id);
      const list = word('list');
      await ledger.send(controller, 'anchor', ledger.newAnchor(id, list));
      for (const held of [id, listing]) await ledger.carryOut(hold(held, true));

      const key = newKey();
      const anchor = ledger.newAnchor(id, list, { counter: 2 });
      for (const [from, name, args, refused = id] of [
        [controller, 'registerKey', [ledger.newKey(key, id)]],
        [controller, 'anchor', [anchor]],
        [accreditor, 'renewAnchor', [id, list]],
        [controller, 'setStatusBase', [id, '']],
        [controller, 'setOperator', [id, operator]],
        [controller, 'proposeController', [id, stranger]],
        [accreditor, 'listKeys', [[ledger.listedKey(key, listing)]], listing],
        [accreditor, 'setOperator', [listing, operator], listing],
      ] as const) {
        await ledger.refuses({ from, name, args }, 'IssuerHeld', refused);
      }
      await ledger.send(controller, 'retireKey', id, kid);
      await ledger.send(controller, 'compromiseKey', id, kid);
      await ledger.carryOut(byAccreditor('updateIssuer', id, FROM, UNTIL, 0, 'A name'));
      await ledger.setStatus(id, STATUS.Suspended);
      await ledger.setStatus(id, STATUS.Active);
      await ledger.holds('issuerOf', [id], { status: STATUS.Active, held: true });
      await ledger.setStatus(id, STATUS.Withdrawn);
    });
  });
});
