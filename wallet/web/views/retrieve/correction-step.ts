import { element } from '../../../../verifier/web/parts/element.ts';
import { keepCorrection } from '../../../retrieval/kept-retrieval.ts';
import { showStep, stepHeading, toneBox } from '../parts.ts';
import { paragraph, saidButton } from '../paragraphs.ts';
import { addressWords, field, stepForm, withForeign } from './flow.ts';
import type { Flow } from './flow.ts';
import { personFields } from './person-fields.ts';

const MAX_WORDS = '1000';
const MAX_REACH = '200';

/** Ask the issuer's staff to put a record right. */
export function correctionStep(flow: Flow, issuer: string, retrieval: string | undefined): readonly Node[] {
  const { wallet, service, typed, toIssuer, root } = flow;
  const { speaker, vault, now } = wallet;
  const { say } = speaker;
  const { nodes, read } = personFields(speaker, typed.person);
  const words = element('textarea', { name: 'words', rows: '4', maxlength: MAX_WORDS, required: true });
  const reach = element('input', { type: 'text', name: 'reach', autocomplete: 'off', maxlength: MAX_REACH });
  return [
    stepForm(
      flow,
      say('correctSend'),
      [
        stepHeading(say('correct')),
        withForeign((host) => say('correctMeans', { host }), addressWords(issuer), 'small'),
        ...nodes,
        field(say('correctWords'), words),
        field(say('correctReach'), reach),
      ],
      async () => {
        const asked = { ...read(), words: words.value, reach: reach.value };
        const number = await service(issuer).correct({
          ...asked,
          ...(retrieval === undefined ? {} : { retrieval }),
        });
        await keepCorrection(vault, { issuer, number, filedAt: Math.floor(now()) });
        typed.person = undefined;
        if (flow.isLeft()) return;
        showStep(
          root,
          toneBox(
            'good',
            stepHeading(say('correctFiled')),
            element('p', { class: 'tracking' }, number),
            paragraph(say('correctKept')),
          ),
          saidButton(say('done'), toIssuer, 'primary big'),
        );
      },
    ),
    saidButton(say('retrieveBack'), toIssuer, 'quiet'),
  ];
}
