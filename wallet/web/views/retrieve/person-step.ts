import { keepPending } from '../../../retrieval/kept-retrieval.ts';
import { stepHeading } from '../parts.ts';
import { paragraph, saidButton } from '../paragraphs.ts';
import { addressWords, stepForm, withForeign } from './flow.ts';
import type { Flow } from './flow.ts';
import { personFields } from './person-fields.ts';

/** Whose record it is: sent to the issuer that was chosen, and kept nowhere. */
export function personStep(flow: Flow, issuer: string): readonly Node[] {
  const { wallet, service, typed, toIssuer, toCode, toCorrection } = flow;
  const { say } = wallet.speaker;
  const { nodes, read } = personFields(wallet.speaker, typed.person);
  const form = stepForm(
    flow,
    say('retrieveBegin'),
    [
      stepHeading(say('retrieveWho')),
      withForeign((host) => say('retrieveWhoMeans', { host }), addressWords(issuer), 'small'),
      ...nodes,
    ],
    async () => {
      const person = read();
      typed.person = person;
      const begun = await service(issuer).begin(person);
      const { id, until, codeDigits } = begun;
      const pending = { issuer, id, until, codeDigits };
      await keepPending(wallet.vault, pending);
      if (!flow.isLeft()) toCode(pending);
    },
  );
  return [
    paragraph(say('retrieveStep', { step: '2' }), 'small'),
    form,
    saidButton(
      say('retrieveBack'),
      () => {
        typed.person = read();
        toIssuer();
      },
      'quiet',
    ),
    saidButton(
      say('correct'),
      () => {
        typed.person = read();
        toCorrection(issuer, undefined);
      },
      'quiet',
    ),
  ];
}
