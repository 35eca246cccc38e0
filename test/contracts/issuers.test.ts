import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ZeroAddress } from 'ethers';
import { didWebFromIss } from '../../credential/did-web.ts';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
import { dataDir } from '../support/data.ts';
import { PERMITTED_ISS, REFUSED_ISS } from '../support/iss.ts';
import { type Ledger, FROM, startLedger, STATUS, UNTIL } from './ledger.ts';

/** What may follow each status; nothing else may. */
const LIFE: readonly [number, readonly number[]][] = [
  [STATUS.Pending, [STATUS.Active, STATUS.Retired, STATUS.Withdrawn]],
  [STATUS.Active, [STATUS.Suspended, STATUS.Retired, STATUS.Withdrawn]],
  [STATUS.Suspended, [STATUS.Active, STATUS.Retired, STATUS.Withdrawn]],
  [STATUS.Retired, [STATUS.Withdrawn]],
  [STATUS.Withdrawn, []],
];

describe('issuers', () => {
  let ledger: Ledger;
  let code: string;
  before(async () => {
    ledger = await startLedger();
    code = await ledger.openJurisdiction();
  });
  after(() => ledger.stop());

  const register = (terms: object): { from: string; name: string; args: unknown[] } => ({
    from: ledger.accreditor,
    name: 'registerIssuer',
    args: [ledger.newIssuer(code, terms)],
  });

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
    const { did, name, statusBase, issuerId, jurisdiction } = ledger.event(receipt, 'IssuerRegistered');
    assert.deepEqual(
      { did, name, statusBase, jurisdiction },
      { did: didWebFromIss(iss), name: 'New York', statusBase: `${iss}/status`, jurisdiction: code },
    );
    assert.equal((await ledger.view('issuerIdOf', iss))[0], issuerId);
    const held = await ledger.held('issuerOf', issuerId);
    assert.deepEqual(
      { ...held, controller: String(held['controller']).toLowerCase() },
      {
        jurisdiction: code,
        controller: ledger.controller,
        status: BigInt(STATUS.Pending),
        accreditedFrom: BigInt(FROM),
        accreditedUntil: BigInt(UNTIL),
        attestations: 15n,
      },
    );
    await ledger.refuses(register({ iss }), 'IssuerExists', issuerId);
  });

  test('an issuer nobody registered reads as none', async () => {
    assert.equal((await ledger.view('issuerIdOf', 'https://nobody.example'))[0], 0n);
    assert.equal((await ledger.held('issuerOf', 9999))['status'], BigInt(STATUS.None));
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

  test('an iss that could be read or spelled in two ways is refused, and so is such a status base', async () => {
    for (const url of REFUSED_ISS) {
      await ledger.refuses(register({ iss: url, statusBase: '' }), 'InvalidIss', url);
      if (url !== '') await ledger.refuses(register({ statusBase: url }), 'InvalidStatusBase', url);
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
      assert.equal((await ledger.view('issuerIdOf', iss))[0], 0n);
      ids.set(iss, await ledger.registerIssuer({ iss }, code));
    }
    assert.equal(new Set(ids.values()).size, spellings.length);
    assert.equal(new Set(spellings.map(didWebFromIss)).size, spellings.length);
    for (const [iss, id] of ids) {
      assert.equal((await ledger.view('issuerIdOf', iss))[0], id);
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
        for (const { iss, name } of issuerInfo.map(({ issuer }) => issuer)) {
          const terms = directory.newIssuer(opened, { iss, name });
          const receipt = await directory.send(directory.accreditor, 'registerIssuer', terms);
          const { issuerId, did } = directory.event(receipt, 'IssuerRegistered');
          assert.equal(did, didWebFromIss(iss));
          ids.set(iss, issuerId as bigint);
          dids.add(did);
        }
        assert.deepEqual([ids.size, new Set(ids.values()).size, dids.size], [651, 651, 651]);
        for (const [iss, id] of ids) assert.equal((await directory.view('issuerIdOf', iss))[0], id);

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
    await ledger.refuses(register({ name: 'x'.repeat(201) }), 'InvalidNameLength', 201);
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

  test('each status is followed by those its life allows and by no other', async () => {
    for (const [from, allowed] of LIFE) {
      for (const to of Object.values(STATUS)) {
        const id = await issuerIn(from);
        if (allowed.includes(to)) {
          const receipt = await ledger.send(ledger.accreditor, 'setIssuerStatus', id, to, 42);
          const changed = ledger.event(receipt, 'IssuerStatusChanged');
          assert.deepEqual(
            [changed['issuerId'], changed['status'], changed['reason']],
            [id, BigInt(to), 42n],
          );
          assert.equal((await ledger.held('issuerOf', id))['status'], BigInt(to));
        } else {
          const call = { from: ledger.accreditor, name: 'setIssuerStatus', args: [id, to, 42] };
          await ledger.refuses(call, 'InvalidIssuerStatus', from, to);
        }
      }
    }
  });

  async function issuerIn(status: number): Promise<bigint> {
    const begins = status === STATUS.Pending ? STATUS.Pending : STATUS.Active;
    const id = await ledger.registerIssuer({ status: begins }, code);
    if (status !== begins) await ledger.send(ledger.accreditor, 'setIssuerStatus', id, status, 0);
    return id;
  }
});
