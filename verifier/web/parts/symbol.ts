const SVG = 'http://www.w3.org/2000/svg';

/** How each symbol is drawn in a square of 24: the same strokes on every device, whatever fonts it has. */
const STROKES: Readonly<Record<string, string>> = {
  '✓': 'M4 13l5.5 5.5L20 6.5',
  '✗': 'M6 6l12 12M18 6L6 18',
  '?': 'M7.5 8.5a4.5 4.5 0 1 1 6.6 4c-1.4.8-2.1 1.5-2.1 3M12 19.6v.1',
  '–': 'M5 12h14',
  '→': 'M4 12h15M13 6l6 6-6 6',
  '◷': 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 1 0 0-17M12 7.5V12l3.5 2.5',
};

/** One of the symbols that stand beside a colour and a word; hidden from screen readers, which have the word. */
export function symbolNode(symbol: string, name: string): SVGElement {
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('class', name);
  drawing.setAttribute('viewBox', '0 0 24 24');
  drawing.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', STROKES[symbol] ?? STROKES['–'] ?? '');
  drawing.append(path);
  return drawing;
}
