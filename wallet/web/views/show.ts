import { explain } from '../../../verifier/pipeline/words.ts';
import { dateWords } from '../../../verifier/web/parts/date-words.ts';
import { element } from '../../../verifier/web/parts/element.ts';
import { saidNode } from '../../../verifier/web/parts/said-text.ts';
import { shownText } from '../../../verifier/web/parts/shown-text.ts';
import { shelfOf } from '../../passes/pass-box.ts';
import type { ShownPass } from '../../passes/pass-box.ts';
import { cardCode } from '../cards/card-code.ts';
import { kindWords, nameNode } from '../cards/pass-words.ts';
import { stateChip, stateOf } from '../cards/pass-state.ts';
import type { View, Wallet } from '../context.ts';
import { saidButton } from '../said-button.ts';
import { holdAwake } from '../stay-awake.ts';
import type { PassWords } from '../words/passes/table.ts';
import { onePass } from './one-pass.ts';
import { runningClock } from './running-clock.ts';

/** The code of a pass, to be scanned; what says less is offered before what says more. */
export function showView(wallet: Wallet, id: string): View {
  const { speaker, vault } = wallet;
  const { say } = speaker;
  let ends: (() => void)[] = [];
  const end = (): void => {
    for (const one of ends) one();
    ends = [];
  };
  const view = onePass(
    wallet,
    id,
    say('show'),
    (shown, root, all) => {
      const own = shelfOf(vault).people.find(({ passes }) => passes.includes(id))?.passes ?? [];
      const others = own.flatMap((one) => all.find(({ pass }) => pass.id === one) ?? []);
      const isGood = (one: ShownPass): boolean => stateOf(one) === 'good';
      const less = others.find((one) => one.facts?.profile === 'pass' && isGood(one));
      const more = others.find((one) => one.facts?.profile === 'pass-plus' && isGood(one));
      if (stateOf(shown) === 'superseded') root.append(replaced(shown));
      else if (!mayShow(shown)) root.append(warning(shown));
      else if (shown.facts?.profile === 'pass-plus' && less !== undefined) root.append(choice(less, shown));
      else code(shown);

      function code(which: ShownPass): void {
        end();
        const other = which.facts?.profile === 'pass-plus' ? less : more;
        root.replaceChildren(...codeNodes(which, other === which ? undefined : other));
      }

      function choice(pass: ShownPass, plus: ShownPass): HTMLElement {
        const way = (
          which: ShownPass,
          key: 'showPass' | 'showPlus',
          sees: 'seenPass' | 'seenPlus',
          look: string,
        ) => {
          const made = saidButton(
            say(key),
            () => {
              code(which);
            },
            { class: look },
          );
          made.append(element('span', { class: 'button-meaning' }, saidNode(say(sees))));
          return made;
        };
        return element(
          'section',
          { class: 'which-pass' },
          element('h2', {}, saidNode(say('chooseTitle'))),
          element('p', {}, saidNode(say('chooseMeaning'))),
          way(pass, 'showPass', 'seenPass', 'primary big'),
          way(plus, 'showPlus', 'seenPlus', 'quiet big'),
        );
      }

      /** The newer one is what a venue wants to see. */
      function replaced(which: ShownPass): HTMLElement {
        const newer = all.find(({ pass }) => pass.id === which.supersededBy);
        return element(
          'section',
          { class: 'show-warning' },
          stateChip(stateOf(which), speaker),
          element('p', {}, saidNode(say('newer'))),
          ...(newer === undefined
            ? []
            : [
                saidButton(
                  say('showNewer'),
                  () => {
                    code(newer);
                  },
                  { class: 'primary big' },
                ),
              ]),
          anyway(which),
        );
      }

      function anyway(which: ShownPass): HTMLElement {
        return saidButton(
          say('showAnyway'),
          () => {
            code(which);
          },
          { class: 'quiet' },
        );
      }

      function warning(which: ShownPass): HTMLElement {
        const { base } = speaker.language;
        return element(
          'section',
          { class: 'show-warning' },
          element('h2', {}, saidNode(say('warnTitle'))),
          stateChip(stateOf(which), speaker),
          element('p', {}, saidNode(say('warnMeaning'))),
          ...explain(which.decision, base)
            .filter(({ code: one }) => one !== 'VALID')
            .map(({ text }) => element('p', { lang: base }, text)),
          saidButton(say('back'), wallet.back, { class: 'primary big' }),
          anyway(which),
        );
      }

      function codeNodes(which: ShownPass, other: ShownPass | undefined): readonly HTMLElement[] {
        const { facts } = which;
        const kind = facts === null ? say('apartCard') : kindWords(facts, speaker);
        const name = shownText(facts?.subject?.name ?? '');
        const drawn = cardCode(which.pass, say('codeOf', { kind: kind.text, name }).text);
        if (typeof drawn === 'string') return [withoutCode(drawn === 'long')];
        const frame = element('div', { class: 'shown-frame' }, element('div', { class: 'code' }, drawn));
        const told = element('p', { class: 'unseen', role: 'status' });
        const clock = runningClock(speaker);
        const awake = element('p', { class: 'small' }, saidNode(say('staysAwake')));
        ends = [
          clock.stop,
          holdAwake(() => {
            awake.replaceChildren(saidNode(say('mayGoDark')));
          }),
          whiteScreen(),
          tellPlace(frame, told),
        ];
        const isPlus = facts?.profile === 'pass-plus';
        return [
          frame,
          told,
          element(
            'div',
            { class: 'code-below' },
            element('p', { class: 'code-name' }, nameNode(name)),
            element(
              'p',
              {},
              element('strong', {}, saidNode(kind)),
              ...(facts?.subject?.birthDate
                ? [
                    ' · ',
                    saidNode(say('born')),
                    ' ',
                    element('bdi', {}, dateWords(facts.subject.birthDate, speaker.language.tag)),
                  ]
                : []),
            ),
            stateChip(stateOf(which), speaker),
            clock.node,
            element('p', {}, saidNode(say(isPlus ? 'seenPlus' : 'seenPass'))),
            ...(other === undefined
              ? []
              : [
                  saidButton(
                    say(isPlus ? 'passInstead' : 'plusInstead'),
                    () => {
                      code(other);
                    },
                    { class: 'quiet' },
                  ),
                ]),
            ...(stateOf(which) === 'unchecked' ? [line('uncheckedNote')] : []),
            element('p', { class: 'small' }, saidNode(say('brighter'))),
            element('p', { class: 'small' }, saidNode(say('alive'))),
            awake,
          ),
        ];
      }
    },
    end,
  );
  return { ...view, isBare: true };

  function line(key: keyof PassWords): HTMLElement {
    return element('p', {}, saidNode(say(key)));
  }

  function withoutCode(isLong: boolean): HTMLElement {
    return element(
      'section',
      { class: 'no-code' },
      line(isLong ? 'tooLong' : 'noCode'),
      saidButton(
        say('venueCode'),
        () => {
          wallet.go({ name: 'scan' });
        },
        { class: 'primary big' },
      ),
    );
  }

  /** Where the code is, for whoever cannot see it: said once it lies there. */
  function tellPlace(frame: HTMLElement, told: HTMLElement): () => void {
    const drawing = requestAnimationFrame(() => {
      const { top, width, height } = frame.getBoundingClientRect();
      const percent = String(Math.round((100 * width) / innerWidth));
      const isAbove = top + height / 2 < 0.55 * innerHeight;
      told.replaceChildren(saidNode(say(isAbove ? 'codeAbove' : 'codeMiddle', { percent })));
    });
    return () => {
      cancelAnimationFrame(drawing);
    };
  }
}

/** What a venue would turn away is shown only to whoever wants to all the same. */
function mayShow(shown: ShownPass): boolean {
  return ['good', 'unchecked'].includes(stateOf(shown));
}

/** White and black as long as a code is shown, whatever the theme. */
function whiteScreen(): () => void {
  document.documentElement.dataset['showing'] = '';
  return () => {
    delete document.documentElement.dataset['showing'];
  };
}
