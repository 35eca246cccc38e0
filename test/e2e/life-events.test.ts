import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ZeroAddress, ZeroHash } from 'ethers';
import { encodeJurisdiction, encodeKid } from '../../contracts/registry-encoding.ts';
import { encodeCompactList } from '../../credential/compact-list.ts';
import { ridFromIndex, StatusList } from '../../credential/status-list.ts';
import { vcFromCard } from '../../credential/verifiable-credential.ts';
import { didWebFromIss } from '../../credential/did-web.ts';
import { LOG_EVENTS } from '../../verifier/pipeline/replay/log-event.ts';
import { healthCard, mintJws, newKey, utf8 } from '../support/cards.ts';
import { startAnvil } from '../support/anvil.ts';
import { startChain } from '../support/chain.ts';
import { shortKey } from '../verifier/short-key.ts';
import { DAY, Life, REVOCATION, STATUS } from './life.ts';
import type { Card, Member } from './life.ts';

/** Two clients by other people: what a gate says must not rest on one of them. */
const CLIENTS = { "Hardhat's node": startChain, anvil: startAnvil } as const;

for (const [client, start] of Object.entries(CLIENTS)) {
  describe(`every event in the life of a federation, on ${client}, and what a gate says of real cards`, () => {
    let life: Life;
    before(async () => {
      life = await Life.start(await start());
    });
    after(() => life.stop());

    test('a guardian holds an issuer, and only the governor lets it go', async () => {
      const { guardian, governor } = life;
      const issuer = await life.member();
      const card = await life.issue(issuer);
      assert.deepEqual(await life.codes(card), ['VALID']);
      await life.send(guardian, 'setIssuerHeld', issuer.id, true, 1);
      assert.deepEqual(await life.codes(card), ['ISSUER_SUSPENDED']);
      assert.equal(await life.refusal(guardian, 'setIssuerHeld', issuer.id, false, 0), 'NotGuardian');
      await life.send(governor, 'setIssuerHeld', issuer.id, false, 0);
      assert.deepEqual(await life.codes(card), ['VALID']);
    });

    test('a suspended jurisdiction suspends its issuers and no others, until the governor lifts that', async () => {
      const code = await life.jurisdiction();
      const [inside, outside] = [await life.member({}, { code }), await life.member()];
      const [card, other] = [await life.issue(inside), await life.issue(outside)];
      await life.send(life.guardian, 'setJurisdictionSuspended', encodeJurisdiction(code), true, 1);
      assert.deepEqual(await life.codes(card), ['ISSUER_SUSPENDED']);
      assert.deepEqual(await life.codes(other), ['VALID']);
      await life.send(life.governor, 'setJurisdictionSuspended', encodeJurisdiction(code), false, 0);
      assert.deepEqual(await life.codes(card), ['VALID']);
    });

    test('a pending issuer is accredited, suspended, active again, and withdrawn for cause', async () => {
      const issuer = await life.member({ status: STATUS.pending });
      const card = await life.issue(issuer);
      const codesAs = async (status: number): Promise<readonly string[]> => {
        await life.send(life.accreditor, 'setIssuerStatus', issuer.id, status, 1);
        return life.codes(card);
      };
      assert.deepEqual(await life.codes(card), ['ISSUER_PENDING']);
      assert.deepEqual(await codesAs(STATUS.active), ['VALID']);
      assert.deepEqual(await codesAs(STATUS.suspended), ['ISSUER_SUSPENDED']);
      assert.deepEqual(await codesAs(STATUS.active), ['VALID']);
      assert.deepEqual(await codesAs(STATUS.withdrawn), ['ISSUER_WITHDRAWN']);
    });

    test('an issuer moves to another jurisdiction, whose suspension it shares from then on', async () => {
      const { accreditor, neighbour, governor } = life;
      const [from, to] = [await life.jurisdiction(), await life.jurisdiction(neighbour)];
      const issuer = await life.member({}, { code: from });
      const card = await life.issue(issuer);
      assert.equal((await life.decision(card)).issuer?.jurisdiction, from);
      await life.send(accreditor, 'offerIssuer', issuer.id, encodeJurisdiction(to));
      await life.send(neighbour, 'acceptIssuer', issuer.id);
      const { codes, issuer: named } = await life.decision(card);
      assert.deepEqual([codes, named?.jurisdiction], [['VALID'], to]);
      await life.send(governor, 'setJurisdictionSuspended', encodeJurisdiction(from), true, 1);
      assert.deepEqual(await life.codes(card), ['VALID']);
      await life.send(governor, 'setJurisdictionSuspended', encodeJurisdiction(to), true, 1);
      assert.deepEqual(await life.codes(card), ['ISSUER_SUSPENDED']);
    });

    test('who retires keeps its older cards good, and who is withdrawn then loses them', async () => {
      const issuer = await life.member();
      const older = await life.issue(issuer);
      await life.pass(10);
      await life.send(life.accreditor, 'setIssuerStatus', issuer.id, STATUS.retired, 1);
      const retiredAt = await life.time();
      const last = await life.issue(issuer, { nbf: retiredAt - 1 });
      const newer = await life.issue(issuer, { nbf: retiredAt });
      assert.deepEqual(await life.codes(older), ['VALID']);
      assert.deepEqual(await life.codes(last), ['VALID']);
      assert.deepEqual(await life.codes(newer), ['ISSUER_NOT_ACCREDITED_AT_ISSUANCE']);
      await life.send(life.accreditor, 'setIssuerStatus', issuer.id, STATUS.withdrawn, 2);
      assert.deepEqual(await life.codes(older), ['ISSUER_WITHDRAWN']);
      assert.deepEqual(await life.codes(newer), ['ISSUER_WITHDRAWN', 'ISSUER_NOT_ACCREDITED_AT_ISSUANCE']);
    });

    test('a retired key keeps its older cards good, a stolen one loses them', async () => {
      const { controller } = life;
      const issuer = await life.member();
      const older = await life.issue(issuer);
      await life.pass(10);
      await life.send(controller, 'retireKey', issuer.id, encodeKid(issuer.key.kid));
      const newer = await life.issue(issuer, { nbf: await life.time() });
      assert.deepEqual(await life.codes(older), ['VALID']);
      assert.deepEqual(await life.codes(newer), ['KEY_NOT_VALID_AT_ISSUANCE']);
      await life.send(controller, 'compromiseKey', issuer.id, encodeKid(issuer.key.kid));
      assert.deepEqual(await life.codes(older), ['KEY_COMPROMISED']);
      assert.deepEqual(await life.codes(newer), ['KEY_COMPROMISED', 'KEY_NOT_VALID_AT_ISSUANCE']);
    });

    test('a burned key takes its cards with it, whoever issued them, under each of its kids', async () => {
      const { full, short } = shortKey();
      const listed = { controller: ZeroAddress };
      const [own, second, third] = [
        await life.issuer(),
        await life.issuer(listed),
        await life.issuer(listed),
      ];
      await life.send(life.controller, 'registerKey', await life.newKey(own.id, full));
      await life.listKey(second.id, full);
      await life.listKey(third.id, short);
      const bystander = await life.member();
      const cards = [
        await life.issue({ ...own, key: full }),
        await life.issue({ ...second, key: full }),
        await life.issue({ ...third, key: short }),
      ];
      const other = await life.issue(bystander);
      for (const card of [...cards, other]) assert.deepEqual(await life.codes(card), ['VALID']);
      await life.burn(third.id, full);
      for (const card of cards.slice(0, 2)) assert.deepEqual(await life.codes(card), ['KEY_COMPROMISED']);
      assert.deepEqual(await life.codes(cards[2] as Card), ['KEY_COMPROMISED']);
      assert.deepEqual(await life.codes(other), ['VALID']);
      // Retired after it was burned, it is dead all the same.
      await life.pass(10);
      await life.send(life.controller, 'retireKey', own.id, encodeKid(full.kid));
      assert.deepEqual(await life.codes(cards[0] as Card), ['KEY_COMPROMISED']);
    });

    test('an accreditation that is stated anew counts for the cards issued before, and so does the name', async () => {
      const issuer = await life.member();
      const card = await life.issue(issuer);
      const update = async (from: number, until: number, name: string): Promise<Record<string, unknown>> =>
        life.send(life.accreditor, 'updateIssuer', issuer.id, from, until, 15, name);
      await update(card.nbf + 1, 0, 'Another name');
      const { codes, issuer: named } = await life.decision(card);
      assert.deepEqual([codes, named?.name], [['ISSUER_NOT_ACCREDITED_AT_ISSUANCE'], 'Another name']);
      await update(0, card.nbf, 'Another name');
      assert.deepEqual(await life.codes(card), ['ISSUER_NOT_ACCREDITED_AT_ISSUANCE']);
      await update(card.nbf, card.nbf + 1, 'Another name');
      assert.deepEqual(await life.codes(card), ['VALID']);
      const document = await life.sync();
      assert.equal(document.issuers.find(({ id }) => BigInt(id) === issuer.id)?.attestations, 15);
    });

    test('a controller hands over: the old cards stay good, and the new one registers the next key', async () => {
      const { controller, newcomer } = life;
      const issuer = await life.member();
      const card = await life.issue(issuer);
      await life.send(controller, 'setOperator', issuer.id, life.operator);
      await life.send(controller, 'proposeController', issuer.id, newcomer);
      await life.send(newcomer, 'acceptController', issuer.id);
      const key = newKey();
      const next = await life.newKey(issuer.id, key);
      assert.equal(await life.refusal(controller, 'registerKey', next), 'NotController');
      assert.deepEqual(await life.codes(await life.issue({ ...issuer, key })), ['ISSUER_UNKNOWN']);
      await life.send(newcomer, 'registerKey', next);
      assert.deepEqual(await life.codes(card), ['VALID']);
      assert.deepEqual(await life.codes(await life.issue({ ...issuer, key })), ['VALID']);
    });

    test('an accreditor replaces a controller whose account is lost, a day later', async () => {
      const { accreditor, newcomer } = life;
      const issuer = await life.member();
      const card = await life.issue(issuer);
      await life.send(accreditor, 'proposeController', issuer.id, newcomer);
      assert.equal(await life.refusal(newcomer, 'acceptController', issuer.id), 'NotProposed');
      await life.pass(DAY);
      await life.send(newcomer, 'acceptController', issuer.id);
      await life.send(newcomer, 'compromiseKey', issuer.id, encodeKid(issuer.key.kid));
      assert.deepEqual(await life.codes(card), ['KEY_COMPROMISED']);
    });

    test('an accreditor hands over: the cards stay good, and the new one decides about them', async () => {
      const { accreditor, neighbour } = life;
      const code = await life.jurisdiction();
      const issuer = await life.member({}, { code });
      const card = await life.issue(issuer);
      await life.send(accreditor, 'proposeAccreditor', encodeJurisdiction(code), neighbour);
      await life.send(neighbour, 'acceptAccreditor', encodeJurisdiction(code));
      assert.deepEqual(await life.codes(card), ['VALID']);
      const suspension = ['setIssuerStatus', issuer.id, STATUS.suspended, 1] as const;
      assert.equal(await life.refusal(accreditor, ...suspension), 'NotAccreditor');
      await life.send(neighbour, ...suspension);
      assert.deepEqual(await life.codes(card), ['ISSUER_SUSPENDED']);
    });

    test('a key whose cards could not be revoked gets a list, and its cards are looked up in it', async () => {
      const { controller } = life;
      const issuer = await life.member();
      const list = new StatusList(1);
      list.set(7, true);
      const [good, bad] = [ridFromIndex(6), ridFromIndex(7)];
      const [card, revoked] = [
        await life.issue(issuer, { rid: good }),
        await life.issue(issuer, { rid: bad }),
      ];
      assert.deepEqual(await life.codes(revoked), ['VALID']);
      await life.send(controller, 'setKeyRevocation', issuer.id, encodeKid(issuer.key.kid), REVOCATION.bits);
      assert.deepEqual(await life.codes(revoked), ['STATUS_MISSING']);
      await anchorAndPublish(life, issuer, list);
      assert.deepEqual([await life.codes(card), await life.codes(revoked)], [['VALID'], ['REVOKED']]);

      // Anchored for it by its accreditor, and under another name: neither changes what is looked up.
      await life.send(life.accreditor, 'renewAnchor', issuer.id, encodeKid(issuer.key.kid));
      await anchor(life, issuer, `0x${'77'.repeat(32)}`, new StatusList(1));
      assert.deepEqual([await life.codes(card), await life.codes(revoked)], [['VALID'], ['REVOKED']]);
    });

    test('status data that moved elsewhere is still that of the older VCs', async () => {
      const issuer = await life.member({}, { revocation: REVOCATION.bits });
      await anchorAndPublish(life, issuer, new StatusList(1));
      const nbf = await life.time();
      const vc = vcFromCard(healthCard({ iss: issuer.iss, nbf, rid: ridFromIndex(3) }), {
        did: didWebFromIss(issuer.iss),
        statusBase: issuer.iss,
        kid: issuer.key.kid,
      });
      const header = { typ: 'vc+jwt', kid: `${didWebFromIss(issuer.iss)}#${issuer.key.kid}` };
      const jws = mintJws(issuer.key, utf8(JSON.stringify(vc)), header);
      const card: Card = { jws, iss: issuer.iss, kid: issuer.key.kid, nbf };
      assert.deepEqual(await life.codes(card), ['VALID']);
      await life.send(life.controller, 'setStatusBase', issuer.id, 'https://elsewhere.example');
      assert.deepEqual(await life.codes(card), ['VALID']);
    });

    test('venues, rules and a successor are in what the gate knows, and no card is judged by them', async () => {
      const { accreditor, governor } = life;
      const code = await life.jurisdiction();
      const jurisdiction = encodeJurisdiction(code);
      const card = await life.issue(await life.member({}, { code }));
      const { venueId } = await life.send(
        accreditor,
        'registerVenue',
        jurisdiction,
        'did:web:arena.example',
        'Arena',
      );
      await life.send(accreditor, 'renameVenue', venueId, 'Arena of Nowhere');
      await life.send(accreditor, 'setVenueStatus', venueId, 2, 1);
      const digest = `0x${'12'.repeat(32)}`;
      const entry = [jurisdiction, encodeJurisdiction('ENTRY')] as const;
      await life.send(accreditor, 'publishRules', ...entry, 1, 100, digest, 'https://rules.example');
      await life.send(accreditor, 'publishRules', ...entry, 3, 200, ZeroHash, '');
      const other = `0x${'ab'.repeat(20)}`;
      await life.send(governor, 'announceSuccessor', 10, other);

      assert.deepEqual(await life.codes(card), ['VALID']);
      const { venues, rules, successor, jurisdictions } = await life.sync();
      assert.deepEqual(venues, [
        {
          id: Number(venueId),
          did: 'did:web:arena.example',
          name: 'Arena of Nowhere',
          jurisdiction: code,
          status: 'suspended',
        },
      ]);
      assert.deepEqual(rules, [
        { jurisdiction: code, id: 'ENTRY', version: 1, validFrom: 100, digest, uri: 'https://rules.example' },
        { jurisdiction: code, id: 'ENTRY', version: 3, validFrom: 200, digest: null, uri: '' },
      ]);
      assert.deepEqual(successor, { chainId: '10', registry: other });
      assert.equal(jurisdictions.find((each) => each.code === code)?.name, `Jurisdiction ${code}`);
    });

    test('nothing that a log can tell was left out above', async () => {
      const names = await life.loggedEvents();
      assert.deepEqual([...names].toSorted(), [...LOG_EVENTS.values()].map(({ name }) => name).toSorted());
    });
  });
}

async function anchorAndPublish(life: Life, issuer: Member, list: StatusList): Promise<void> {
  await anchor(life, issuer, encodeKid(issuer.key.kid), list);
  const bytes = encodeCompactList({ kid: issuer.key.kid, counter: 1, list });
  life.published.push({ name: issuer.iss, bytes });
}

async function anchor(life: Life, { id: issuerId }: Member, name: string, list: StatusList): Promise<void> {
  const { length, revoked } = list;
  const terms = { issuerId, list: name, root: list.root(), counter: 1, length, revoked, isFinal: false };
  await life.send(life.controller, 'anchor', terms);
}
