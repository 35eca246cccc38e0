const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]';

/**
 * Remember what has the focus in that element, to give it to what stands in its place once it was drawn anew.
 *
 * @returns gives it, and says whether it could
 */
export function keepFocus(root: HTMLElement): () => boolean {
  const before = document.activeElement;
  const at = [...root.querySelectorAll(FOCUSABLE)].indexOf(before ?? root);
  return () => {
    const next = [...root.querySelectorAll<HTMLElement>(FOCUSABLE)][at];
    if (before === null || next?.tagName !== before.tagName) return false;
    next.focus({ preventScroll: true });
    return true;
  };
}
