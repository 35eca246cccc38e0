import { element } from '../../../verifier/web/parts/element.ts';

/** Have the browser save a text under that name, where its user keeps files. */
export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  element('a', { href: address, download: name }).click();
  // After the browser has begun to read it.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}
