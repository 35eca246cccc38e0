import { element } from '../parts/element.ts';
import { saidNode } from '../parts/said-text.ts';
import type { Calls } from '../parts/worker-calls.ts';
import type { Speaker } from '../scanner-words.ts';
import { confirmView } from './setup-views.ts';

/** Everything that this page keeps in the browser's storage begins so. */
const PREFIX = 'pratique-scanner';

/** Ask whether to forget everything that this page keeps, the newest state that it saw too, and do it. */
export function startAnewView(verifier: Calls, storage: Storage, speaker: Speaker): HTMLDialogElement {
  const { say } = speaker;
  const warning = element('p', {}, saidNode(say('startAnewWarning')));
  const act = (): void => {
    void forget(verifier, storage);
  };
  return confirmView(saidNode(say('startAnew')), [warning], speaker, { confirm: 'startAnew', act });
}

async function forget(verifier: Calls, storage: Storage): Promise<void> {
  await verifier.call('forget');
  for (const name of Object.keys(storage)) if (name.startsWith(PREFIX)) storage.removeItem(name);
  location.reload();
}
