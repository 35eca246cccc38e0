import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { getBytes, Wallet, ZeroAddress } from 'ethers';
import { lensOf } from '../../contracts/lens.ts';
import { encodeJurisdiction, encodeKid } from '../../contracts/registry-encoding.ts';
import { isRealCode } from './nodes.ts';
import { BUDGETS, type Figures, gasTable, MAX_CODE_BYTES } from './gas-table.ts';
import { instruct } from './instructions.ts';
import { DAY, GUARDIAN, type Ledger, startLedger, STATUS, VENUE, word } from './ledger.ts';
import { scalarKey } from './points.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/gas.md', import.meta.url));

/** What one transaction may take, with room below EIP-7825's cap. */
const BATCH_GAS = 15_000_000;
/** No byte of it is zero, so that calldata costs the same whenever this runs. */
const DEADLINE = 0x1_ffff_ffff;

describe(
  'what the registry costs',
  { skip: isRealCode ? false : 'only of the code as it is deployed' },
  () => {
    const ledgers: Ledger[] = [];
    let figures: Record<'osaka' | 'cancun', Figures>;
    let sizes: { registry: number; lens: number };
    before(async () => {
      const start = async (hardfork: string): Promise<Figures> => {
        const ledger = await startLedger({ client: 'hardhat', hardfork });
        ledgers.push(ledger);
        return measure(ledger);
      };
      figures = { osaka: await start('osaka'), cancun: await start('cancun') };
      const [ledger] = ledgers as [Ledger];
      const size = async (address: string): Promise<number> =>
        getBytes(await ledger.rpc('eth_getCode', address, 'latest')).length;
      sizes = { registry: await size(ledger.registry), lens: await size(lensOf(ledger.registry)) };
    });
    after(async () => {
      await Promise.all(ledgers.map((ledger) => ledger.stop()));
    });

    test('docs/gas.md is what a chain measures now', (context) => {
      context.assert.fileSnapshot(gasTable(figures, sizes), DOCUMENT, {
        serializers: [(text: string) => text],
      });
    });

    test('each budget is kept, the log included', () => {
      for (const [name, budget] of BUDGETS) {
        assert.ok(figures.osaka[name] <= budget, `${name}: ${figures.osaka[name]} gas is over ${budget}`);
      }
    });

    test('a hundred issuers, or a hundred and fifty keys, fit into one transaction', () => {
      for (const gas of [figures.osaka.listedIssuer * 100, figures.osaka.listedKey * 150]) {
        assert.ok(gas <= BATCH_GAS, `${gas} gas is over ${BATCH_GAS}`);
      }
    });

    test('a chain without the P-256 precompile pays more for proofs, and for nothing else', () => {
      const { osaka, cancun } = figures;
      for (const name of Object.keys(osaka) as (keyof Figures)[]) {
        if (name === 'deploy') continue; // Calldata and code are priced anew at every fork.
        if (['key', 'keyRelayed', 'keyBurned'].includes(name)) assert.ok(cancun[name] > osaka[name], name);
        else assert.equal(cancun[name], osaka[name], name);
      }
    });

    test('the code fits where every chain takes it', () => {
      assert.ok(sizes.registry <= MAX_CODE_BYTES);
      assert.ok(sizes.lens <= MAX_CODE_BYTES);
    });
  },
);

/** Everything that a registry does, the same to the byte each time. */
async function measure(ledger: Ledger): Promise<Figures> {
  const { accreditor, controller, governor, guardian, neighbour, operator, stranger, successor } = ledger;
  const gas = async (from: string, name: string, ...args: unknown[]): Promise<number> =>
    Number((await ledger.send(from, name, ...args)).gasUsed);
  const wallet = new Wallet(word('a signer'));
  const [code, other] = ['US-NY', 'US-NJ'].map(encodeJurisdiction) as [string, string];
  const name = 'New York State Department of Health';
  const iss = 'https://ekeys.ny.gov/epass/doh/dvc/2021';
  const newIssuer = (terms: object): object =>
    ledger.newIssuer(code, { iss, name, statusBase: iss, attestations: 15, ...terms });
  const [key, relayed, stolen] = [scalarKey(11n), scalarKey(12n), scalarKey(13n)];
  const [kid, stolenKid] = [encodeKid(key.kid), encodeKid(stolen.kid)];
  // Six million cards, one in a hundred revoked, after two years of days.
  const anchored = (issuerId: bigint, days: number): Record<string, unknown> =>
    ledger.newAnchor(issuerId, kid, {
      root: word(`day ${days}`),
      counter: days,
      length: 46 * 131_072,
      revoked: 56_000 + days,
    });
  const sign = async (type: 'Anchor' | 'RegisterKey', terms: object): Promise<unknown[]> => [
    terms,
    await instruct(ledger, wallet, type, terms, { deadline: DEADLINE }),
  ];

  const jurisdiction = await gas(governor, 'openJurisdiction', code, 'State of New York', accreditor);
  await gas(governor, 'openJurisdiction', other, 'State of New Jersey', neighbour);
  const roleOffered = await gas(governor, 'grantRole', GUARDIAN, guardian);
  const issuer = await gas(accreditor, 'registerIssuer', newIssuer({}));
  await gas(accreditor, 'registerIssuer', newIssuer({ iss: `${iss}/relayed`, controller: wallet.address }));

  // The mean of the 651 real ones: 75 characters of iss, 23 of name, no status data.
  const listed = Array.from({ length: 100 }, (_, i) =>
    newIssuer({
      iss: `https://epicproxy-${String(i).padStart(3, '0')}.hospital.example/FHIRPROXY/api/epic/2021/EcKeys/320`,
      name: `Hospital no. ${String(i).padStart(3, '0')} Health`,
      statusBase: '',
      controller: ZeroAddress,
      attestations: 0,
    }),
  );
  const listedIssuer = Math.round((await gas(accreditor, 'listIssuers', listed)) / 100);
  const keys = Array.from({ length: 150 }, (_, i) =>
    ledger.listedKey(scalarKey(1000n + BigInt(i)), BigInt(3 + (i % 100))),
  );
  const listedKey = Math.round((await gas(accreditor, 'listKeys', keys)) / 150);

  const keyGas = await gas(controller, 'registerKey', ledger.newKey(key, 1n));
  await gas(controller, 'registerKey', ledger.newKey(stolen, 1n, { revocation: 0 }));
  const anchorFirst = await gas(controller, 'anchor', anchored(1n, 730));
  const anchorAgain = await gas(controller, 'anchor', anchored(1n, 731));
  const operatorGas = await gas(controller, 'setOperator', 1, operator);
  const anchorByOperator = await gas(operator, 'anchor', anchored(1n, 732));
  const anchorRenewed = await gas(accreditor, 'renewAnchor', 1, kid);
  await gas(stranger, 'anchorBySignature', ...(await sign('Anchor', anchored(2n, 730))));
  const newKey = ledger.newKey(relayed, 2n);
  const keyRelayed = await gas(stranger, 'registerKeyBySignature', ...(await sign('RegisterKey', newKey)));
  const again = await sign('Anchor', anchored(2n, 731));
  const anchorRelayed = await gas(stranger, 'anchorBySignature', ...again);

  const issuerUpdated = await gas(accreditor, 'updateIssuer', 1, 1_760_000_000, 1_790_000_000, 7, name);
  const statusBase = await gas(controller, 'setStatusBase', 1, `${iss}/status`);
  const controllerProposed = await gas(controller, 'proposeController', 1, successor);
  const controllerAccepted = await gas(successor, 'acceptController', 1);
  const keyRevocation = await gas(successor, 'setKeyRevocation', 1, stolenKid, 1);
  const keyRetired = await gas(successor, 'retireKey', 1, kid);
  const keyCompromised = await gas(successor, 'compromiseKey', 1, stolenKid);
  const keyBurned = await gas(stranger, 'burnKey', ...ledger.burning(key, 1n));
  const issuerOffered = await gas(accreditor, 'offerIssuer', 1, other);
  const issuerAccepted = await gas(neighbour, 'acceptIssuer', 1);
  const issuerStatus = await gas(neighbour, 'setIssuerStatus', 1, STATUS.Suspended, 1);
  const issuerHeld = await gas(governor, 'setIssuerHeld', 1, true, 1);

  const rules = encodeJurisdiction('EVENTS');
  const uri = 'https://rules.health.ny.gov/events/2026/1.json';
  const publish = [code, rules] as const;
  const rulesFirst = await gas(accreditor, 'publishRules', ...publish, 1, 1_790_000_000, word('1'), uri);
  const rulesAgain = await gas(accreditor, 'publishRules', ...publish, 2, 1_790_000_001, word('2'), uri);
  const did = 'did:web:tickets.madison-square.example';
  const venue = await gas(accreditor, 'registerVenue', code, did, 'Madison Square Arena, New York');
  const venueStatus = await gas(accreditor, 'setVenueStatus', 1, VENUE.Suspended, 1);

  const accreditorProposed = await gas(accreditor, 'proposeAccreditor', code, successor);
  const accreditorAccepted = await gas(successor, 'acceptAccreditor', code);
  const jurisdictionSuspended = await gas(governor, 'setJurisdictionSuspended', code, true, 1);
  const successorGas = await gas(governor, 'announceSuccessor', 1, stranger);
  const governorProposed = await gas(governor, 'beginDefaultAdminTransfer', successor);
  await ledger.pass(DAY + 1);
  const roleAccepted = await gas(guardian, 'acceptRole', GUARDIAN);

  const governorAccepted = await gas(successor, 'acceptDefaultAdminTransfer');

  return {
    // A comment changes the code's hash of its sources, and that a few units of gas.
    deploy: Math.round(ledger.deploymentGas / 1000) * 1000,
    jurisdiction,
    jurisdictionSuspended,
    accreditorProposed,
    accreditorAccepted,
    governorProposed,
    governorAccepted,
    roleOffered,
    roleAccepted,
    issuer,
    listedIssuer,
    issuerUpdated,
    statusBase,
    issuerStatus,
    issuerHeld,
    operator: operatorGas,
    controllerProposed,
    controllerAccepted,
    issuerOffered,
    issuerAccepted,
    key: keyGas,
    keyRelayed,
    listedKey,
    keyRevocation,
    keyRetired,
    keyCompromised,
    keyBurned,
    anchorFirst,
    anchorAgain,
    anchorByOperator,
    anchorRelayed,
    anchorRenewed,
    rulesFirst,
    rulesAgain,
    venue,
    venueStatus,
    successor: successorGas,
  };
}
