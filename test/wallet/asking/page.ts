import { inflateRaw } from '../../../credential/deflate.ts';
import { importEs256Key } from '../../../credential/es256-web.ts';
import { indexTrust } from '../../../verifier/pipeline/trust.ts';
import type { RequestAnswer } from '../../../wallet/asking/answer-request.ts';
import { consent } from '../../../wallet/asking/consent.ts';
import { offersFor } from '../../../wallet/asking/offer.ts';
import type { Offer } from '../../../wallet/asking/offer.ts';
import { readRequest } from '../../../wallet/asking/read-request.ts';
import type { ReadRequest } from '../../../wallet/asking/read-request.ts';
import { isAnswered, receiptsOf } from '../../../wallet/asking/receipts.ts';
import { sendAnswer } from '../../../wallet/asking/send-answer.ts';
import type { WalletTrust } from '../../../wallet/passes/judged-pass.ts';
import { addPasses, keptPasses } from '../../../wallet/passes/pass-box.ts';
import { holderKeyOf } from '../../../wallet/vault/holder-key.ts';
import type { HolderKey } from '../../../wallet/vault/holder-key.ts';
import { indexedDbStore } from '../../../wallet/vault/indexed-db.ts';
import type { OpenVault } from '../../../wallet/vault/open-vault.ts';
import { createVault } from '../../../wallet/vault/vault.ts';
import type { AskingPage } from './asking-page.ts';

declare global {
  // The test calls it.
  var askingPage: AskingPage | undefined;
}

let vault: OpenVault;
let holder: HolderKey;
let trust: WalletTrust;
let asked: ReadRequest;
let offer: Offer;
let answer: RequestAnswer;

globalThis.askingPage = {
  begin: async () => {
    const store = indexedDbStore('pratique-wallet');
    const clock = (): number => Date.now() / 1000;
    vault = await createVault({ store, clock, cost: { memoryKiB: 64, passes: 1 } }, '274915');
    holder = await holderKeyOf(vault);
    return holder.did;
  },
  add: async (text, document, now) => {
    trust = {
      trust: indexTrust(document, { anchored: true, importKey: importEs256Key }),
      now,
      allowUnanchored: false,
    };
    const ports = { inflate: inflateRaw, readPicture: () => Promise.resolve([]) };
    const [added] = await addPasses(vault, { text }, trust, ports);
    return added?.kind ?? 'nothing';
  },
  read: async (text) => {
    const read = await readRequest(text, trust, importEs256Key);
    if (typeof read === 'string') return [read];
    asked = read;
    const { bound } = offersFor(read.request, keptPasses(vault), holder.did);
    if (bound[0] !== undefined) [offer] = bound;
    const { standing, listings } = read.asker;
    return [
      standing,
      listings[0]?.name ?? '',
      read.request.purpose,
      bound.length,
      String(isAnswered(vault, read)),
    ];
  },
  answer: async () => {
    const given = await consent(vault, asked, offer, { holder, now: trust.now, by: 'direct_post' });
    if (typeof given === 'string') return given;
    answer = given;
    return answer.code;
  },
  send: async () => sendAnswer(asked.request, answer, fetch),
  receipts: () =>
    Promise.resolve(
      receiptsOf(vault).map(({ name, purpose, profile, passType }) =>
        [name, purpose, profile, passType].join(', '),
      ),
    ),
};
