import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ZeroAddress } from 'ethers';
import { didWebFromIss } from '../../credential/did-web.ts';
import { encodeJurisdiction } from '../../contracts/registry-encoding.ts';
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

  test('the did is the did:web of the iss', async () => {
    for (const iss of [
      'https://a',
      'https://Example.ORG',
      'https://host.example:8443',
      'https://host.example:8443/a/b',
      'https://host.example/a+b/c~d/_-.x',
      'https://host.example/...',
      'https://host.example/.well-known',
      `https://${'h'.repeat(248)}`,
    ]) {
      const receipt = await ledger.send(ledger.accreditor, 'registerIssuer', ledger.newIssuer(code, { iss }));
      assert.equal(ledger.event(receipt, 'IssuerRegistered')['did'], didWebFromIss(iss), iss);
    }
  });

  test('an iss that could be read in two ways is refused, and so is such a status base', async () => {
    for (const url of [
      'https://',
      'https:/host',
      'http://host.example',
      'HTTPS://host.example',
      'https:///path',
      'https://host.example/',
      'https://host.example//a',
      'https://host.example/a/',
      'https://host.example/./a',
      'https://host.example/a/..',
      'https://..',
      'https://.',
      'https://host.example:',
      'https://host.example:/a',
      'https://host.example:80a',
      'https://host.example:80:80',
      'https://:80',
      'https://host.example/a:b',
      'https://host.example?q',
      'https://host.example#f',
      'https://user@host.example',
      'https://host.example/%41',
      'https://host.example/a b',
      'https://host.example/a\u0000',
      'https://host.example/\u202e',
      'https://höst.example',
      `https://${'h'.repeat(249)}`,
      `https://${'h'.repeat(10_000)}`,
    ]) {
      await ledger.refuses(register({ iss: url, statusBase: '' }), 'InvalidIss', url);
      await ledger.refuses(register({ statusBase: url }), 'InvalidStatusBase', url);
    }
    await ledger.refuses(register({ iss: '' }), 'InvalidIss', '');
    await ledger.registerIssuer({ statusBase: '' }, code);
    await ledger.registerIssuer({ statusBase: 'https://elsewhere.example/status' }, code);
  });

  test('a name has 1 to 200 bytes', async () => {
    await ledger.refuses(register({ name: '' }), 'InvalidNameLength', 0);
    await ledger.refuses(register({ name: 'x'.repeat(201) }), 'InvalidNameLength', 201);
    await ledger.registerIssuer({ name: 'x'.repeat(200) }, code);
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
