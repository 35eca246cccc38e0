import type { Language } from '../../verifier/pipeline/words/language.ts';
import { showAlarms } from './alarm-banner.ts';
import type { Me } from './answers.ts';
import { DESK_WORDS } from './desk-words.ts';
import type { Desk, ShowView } from './desk.ts';
import { element } from './elements.ts';
import { watchIdle } from './idle-lock.ts';
import { showLogin, type Farewell } from './login-view.ts';
import type { Session } from './service.ts';
import { keepLanguage, languageAtFirst } from './settings.ts';
import { makeShell, viewsOf } from './shell.ts';
import { listenForKeys, showShortcuts } from './shortcuts.ts';
import { VIEW_PAGES } from './view-pages.ts';
import type { View } from './words/table.ts';

const root = element('div', { id: 'desk' });
/** Both stay while everything else is written anew: what is read out must be in the page before it is said. */
const status = element('p', { class: 'toast', role: 'status' });
const alarm = element('p', { class: 'toast bad', role: 'alert' });
document.body.append(root, status, alarm);

let language = languageAtFirst();

/** What went well is seen in the page too, and gives the place free again; what did not stays. */
const TOLD_MS = 8000;
let fading: ReturnType<typeof setTimeout> | undefined;

function tell(text: string, tone?: 'good' | 'bad'): void {
  const [told, other] = tone === 'bad' ? [alarm, status] : [status, alarm];
  other.textContent = '';
  told.textContent = text;
  clearTimeout(fading);
  fading = setTimeout(() => {
    status.textContent = '';
  }, TOLD_MS);
}

/** The way in; `farewell` says why one is here again. */
function showEntrance(farewell?: Farewell): void {
  tell('');
  const { main } = makeShell(root, {
    language,
    speak: (chosen) => {
      speak(chosen);
      showEntrance(farewell);
    },
  });
  let leave: ((why: Farewell) => void) | undefined;
  showLogin(main, DESK_WORDS[language], {
    farewell,
    enter: (session, me) => {
      leave = showDesk(session, me);
    },
    refused: () => leave?.('refused'),
  });
}

/** The desk for whoever is in; the answer locks it. */
function showDesk(session: Session, me: Me): (why: Farewell) => void {
  const kept = new Map<string, object>();
  const views = viewsOf(me);
  let shown: View | undefined = views[0];
  const ends: (() => void)[] = [];

  const leave = (why: Farewell): void => {
    session.end();
    for (const end of ends.splice(0)) end();
    kept.clear();
    for (const dialog of document.querySelectorAll('dialog')) dialog.remove();
    showEntrance(why);
  };
  const lock = (): void => {
    leave('locked');
  };
  const help = (): void => {
    showShortcuts(DESK_WORDS[language], views.length);
  };
  const write = (): void => {
    const words = DESK_WORDS[language];
    const speakHere = (chosen: Language): void => {
      speak(chosen);
      write();
      document.querySelector<HTMLElement>('#language')?.focus();
    };
    const shell = makeShell(root, { language, speak: speakHere, here: { me, show, lock, help } });
    if (shown === undefined) {
      shell.main.replaceChildren(
        element('h1', {}, words.title),
        element('p', { class: 'empty' }, words.shell.nothing),
      );
      return;
    }
    shell.mark(shown);
    const desk: Desk = {
      session,
      me,
      language,
      words,
      say: tell,
      kept: <T extends object>(view: string, fresh: () => T): T => {
        const held = (kept.get(view) as T | undefined) ?? fresh();
        kept.set(view, held);
        return held;
      },
      show,
    };
    const page: ShowView = VIEW_PAGES[shown];
    page(desk, shell.main);
    void showAlarms(desk, shell.alarms);
  };
  function show(view: View): void {
    shown = view;
    tell('');
    write();
  }
  ends.push(
    watchIdle(() => {
      leave('idle');
    }),
    listenForKeys({
      view: (at) => {
        const view = views[at];
        if (view !== undefined) show(view);
      },
      lock,
      help,
    }),
    // A page that the browser keeps to come back to would keep the key.
    listening('pagehide', lock),
  );
  tell('');
  write();
  return leave;
}

function listening(event: 'pagehide', does: () => void): () => void {
  addEventListener(event, does);
  return () => {
    removeEventListener(event, does);
  };
}

function speak(chosen: Language): void {
  language = chosen;
  keepLanguage(chosen);
}

showEntrance();
