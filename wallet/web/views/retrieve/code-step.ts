import { element } from '../../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../../verifier/web/parts/said-text.ts';
import { holderKeyOf } from '../../../vault/holder-key.ts';
import { keepPending } from '../../../retrieval/kept-retrieval.ts';
import type { PendingRetrieval } from '../../../retrieval/kept-retrieval.ts';
import { retrievePasses } from '../../../retrieval/retrieve-passes.ts';
import { RetrievalFault } from '../../../retrieval/retrieval-fault.ts';
import { clockText, everySecond, stepHeading } from '../parts.ts';
import { paragraph, saidButton } from '../paragraphs.ts';
import { addressWords, faultBox, field, stepForm, withForeign } from './flow.ts';
import type { Flow } from './flow.ts';

/** The code that came to the contact on record, and for it everything that the record allows. */
export function codeStep(flow: Flow, pending: PendingRetrieval): readonly Node[] {
  const { wallet, service, typed, toPerson, toOutcomes, toCorrection, whileHere } = flow;
  const { speaker, vault, knowledge, ports, now } = wallet;
  const { say } = speaker;
  const { issuer, id, until, codeDigits } = pending;
  const code = element('input', {
    type: 'text',
    name: 'code',
    class: 'one-time-code',
    inputmode: 'numeric',
    autocomplete: 'one-time-code',
    // Messages are copied with what stands around the digits.
    maxlength: '40',
    required: true,
  });
  const clock = element('p', { class: 'small', role: 'timer' });
  const facts = element('div', { class: 'retrieval-facts', 'aria-live': 'polite' });
  const working = element('p', { role: 'status', class: 'strong' });

  const tellProgress = async (): Promise<void> => {
    const { triesLeft, down } = await service(issuer).progress(id);
    facts.replaceChildren(
      ...(down.length === 0
        ? []
        : [withForeign((sources) => say('retrieveDown', { sources }), down.join(', '))]),
      ...(triesLeft < MAX_TRIES ? [paragraph(say('retrieveTries', { count: String(triesLeft) }))] : []),
    );
  };
  // Not worth a fault: what it tells is an addition.
  void tellProgress().catch(() => undefined);

  const form = stepForm(
    flow,
    say('retrieveOpen'),
    [
      stepHeading(say('retrieveCode')),
      withForeign((host) => say('retrieveAsks', { host }), addressWords(issuer), 'small'),
      paragraph(say('retrieveCodeMeans', { digits: String(codeDigits) })),
      field(say('retrieveCodeField'), code),
      clock,
      facts,
      working,
    ],
    async () => {
      const typedCode = digitsOf(code.value, codeDigits);
      working.replaceChildren(saidNode(say('retrieveGetting')));
      try {
        const outcomes = await retrievePasses(
          service(issuer),
          { id, code: typedCode },
          {
            vault,
            holder: await holderKeyOf(vault),
            trust: knowledge.trust,
            ports,
            now,
            told: () => undefined,
          },
        );
        await keepPending(vault, undefined);
        typed.person = undefined;
        if (!flow.isLeft()) toOutcomes(outcomes, pending);
      } catch (error) {
        if (!(error instanceof RetrievalFault)) throw error;
        if (error.code === 'CODE_WRONG') await tellProgress().catch(() => undefined);
        if (error.code === 'RETRIEVAL_ENDED') await keepPending(vault, undefined);
        code.select();
        throw error;
      } finally {
        working.replaceChildren();
      }
    },
  );
  let endTick = (): void => undefined;
  endTick = everySecond(() => {
    const left = until - now();
    if (left > 0) {
      clock.replaceChildren(saidNode(say('retrieveCodeUntil', { time: clockText(left) })));
      return;
    }
    endTick();
    // The code that was right may be used again for what was lost; whoever has none begins anew.
    clock.replaceChildren(faultBox(new RetrievalFault('RETRIEVAL_ENDED'), wallet));
  });
  whileHere(() => {
    endTick();
  });
  const anew = (): void => {
    void wallet.attempt(async () => {
      await keepPending(vault, undefined);
      toPerson(issuer);
    });
  };
  return [
    paragraph(say('retrieveStep', { step: '3' }), 'small'),
    form,
    saidButton(say('retrieveAnew'), anew, 'quiet'),
    saidButton(
      say('correct'),
      () => {
        toCorrection(issuer, id);
      },
      'quiet',
    ),
  ];
}

const MAX_TRIES = 5;

/** The digits of a message or a part of it that was pasted: the one number in it of that length, or what was typed. */
function digitsOf(typed: string, length: number): string {
  const plain = typed.normalize('NFKC').replaceAll(/[\s-]/g, '');
  return new RegExp(`(?<!\\d)\\d{${length}}(?!\\d)`).exec(plain)?.[0] ?? plain;
}
