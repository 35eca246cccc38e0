import { keyboardWedge } from './keyboard-wedge.ts';

/** What came in by another way than the camera. */
export type Given = { readonly text: string } | { readonly file: File };

/** How long a hand scanner that sends no Enter is waited for. */
const REST_MS = 1200;

/** Take what is pasted or dropped anywhere on the page, and what a hand scanner types though nothing has the focus. */
export function listenForInputs(given: (input: Given) => void): void {
  const wedge = keyboardWedge();
  let rest: ReturnType<typeof setTimeout> | undefined;

  document.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target))
        return;
      const pressed = wedge.press(event.key, event.timeStamp);
      if (pressed === undefined) return;
      // Else its Enter would press the button that has the focus, and its letters scroll the page.
      event.preventDefault();
      event.stopPropagation();
      clearTimeout(rest);
      if (pressed !== 'taken') {
        given(pressed);
        return;
      }
      rest = setTimeout(() => {
        const text = wedge.rest();
        if (text !== undefined) given({ text });
      }, REST_MS);
    },
    { capture: true },
  );
  document.addEventListener('paste', (event) => {
    if (isTyping(event.target)) return;
    take(event.clipboardData, event);
  });
  document.addEventListener('dragover', (event) => {
    event.preventDefault();
  });
  document.addEventListener('drop', (event) => {
    take(event.dataTransfer, event);
  });

  function take(data: DataTransfer | null, event: Event): void {
    event.preventDefault();
    const file = data?.files[0];
    const text = data?.getData('text/plain') ?? '';
    if (file !== undefined) given({ file });
    else if (text.trim() !== '') given({ text });
  }
}

/** Somebody fills in a field. */
function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && target.type !== 'checkbox' && target.type !== 'range';
}
