import { createIssuerAgent, type IssuerAgent } from './agent.ts';
import { Anchoring } from './anchoring/anchoring.ts';
import type { Issuance } from './card-issuance.ts';
import { CardLookup } from './card-lookup.ts';
import { PolicyKeeper } from './issuance-policy.ts';
import { IssuerError } from './issuer-error.ts';
import type { IssuerIdentity } from './issuer-identity.ts';
import type { IssuerStore } from './issuer-store.ts';
import { IssuerDecider } from './known-trust.ts';
import { ownTrusts } from './own-trust.ts';
import { PersonCards } from './person-cards.ts';
import { RegistryTie } from './registry-tie.ts';
import { Restoration } from './restoration.ts';
import { Signers } from './signers.ts';
import { SigningKeys } from './signing-keys.ts';
import { statusOf } from './status-check.ts';
import { StatusLedger } from './status-ledger.ts';
import type { AskPin } from './token/token.ts';

/** A folder, and how it is opened. */
export interface OpenOptions {
  readonly dir: string;
  readonly passphrase: string;
  /** Unix seconds by this machine's clock, for what is not told a time. */
  readonly clock?: () => number;
  /** URL of a PostgreSQL: where a new issuer's records are to lie, or instead of the one that the folder says. */
  readonly database?: string;
  /** Asked when a key on a token is used first; without it those keys do not sign. */
  readonly askPin?: AskPin;
}

/** What an issuer is made of, over one store. */
export interface IssuerParts {
  readonly identity: IssuerIdentity;
  readonly keys: SigningKeys;
  readonly ledger: StatusLedger;
  readonly policy: PolicyKeeper;
  readonly tie: RegistryTie;
  readonly anchoring: Anchoring;
  readonly restoration: Restoration;
  readonly agent: IssuerAgent;
  readonly signers: Signers;
  readonly issuance: Issuance;
  readonly cards: CardLookup;
  readonly decider: IssuerDecider;
}

/** Reads what a store holds. IssuerError STORE_DAMAGED, STORE_UNAVAILABLE. */
export async function openParts(
  store: IssuerStore,
  clock: () => number,
  askPin: AskPin | undefined,
): Promise<IssuerParts> {
  const identity = await store.table<IssuerIdentity>('issuer').get('identity');
  const keys = await SigningKeys.open(store);
  const ledger = await StatusLedger.open(store);
  if (identity === undefined || !keys.all().every(({ kid }) => ledger.has(kid))) {
    throw new IssuerError('STORE_DAMAGED', 'The store has lost records that it must hold.');
  }
  const tie = await RegistryTie.open(store, identity);
  const policy = await PolicyKeeper.open(store);
  const anchoring = await Anchoring.open(store, ledger);
  const signers = new Signers(store, askPin);
  const agent = createIssuerAgent({
    store,
    signers: signers.byName,
    now: clock,
    registry: () => tie.view,
    checkStatus: async (entry) => statusOf(identity, ledger, entry),
  });
  const { iss } = identity;
  await agent.didManagerGetOrCreate({ alias: iss, provider: 'did:web', options: { iss } });
  const trustIn = ownTrusts({
    standing: () => tie.standing,
    anchorOf: (kid) => ledger.anchorOf(kid),
    anchoredList: (kid) => ledger.anchoredList(kid),
  });
  const restoration = new Restoration({ keys, ledger, tie });
  const issuance: Issuance = {
    agent,
    identity,
    tagger: store.box,
    ledger,
    persons: new PersonCards(ledger),
    signerOf: async (kid) => signers.of(kid),
    chooseKey: (at, kid) => {
      const key = keys.choose(at, kid, {
        isAnchored: (each) => ledger.anchorOf(each) !== undefined,
        // What is restored is refused below, with the reason.
        isTrusted: (each) => restoration.isWaiting(each) || tie.lets(each, at),
      });
      ledger.assertFresh(key.kid);
      tie.assertAccredited(at);
      return key;
    },
    trustIn,
  };
  const cards = new CardLookup(ledger, store.box);
  const decider = new IssuerDecider({
    did: identity.did,
    known: () => tie.known,
    listOf: (kid) => ledger.standing(kid),
  });
  return {
    identity,
    keys,
    ledger,
    policy,
    tie,
    anchoring,
    restoration,
    agent,
    signers,
    issuance,
    cards,
    decider,
  };
}
