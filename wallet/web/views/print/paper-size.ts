/** A size of paper in millimetres, as the issuer's own prints have it. */
export interface PaperSize {
  readonly name: 'a4' | 'letter' | 'card';
  readonly width: number;
  readonly height: number;
  /** The side of the code without the light around it: 40 mm and more at every version (V22 has 105 modules). */
  readonly code: number;
  /** Largest and smallest size of the letters, in points. */
  readonly letters: readonly [number, number];
}

/** A4 (ISO 216), Letter (ANSI), and a card for a purse (ID-1, ISO/IEC 7810). */
export const PAPER_SIZES: readonly PaperSize[] = [
  { name: 'a4', width: 210, height: 297, code: 70, letters: [11, 7] },
  { name: 'letter', width: 215.9, height: 279.4, code: 70, letters: [11, 7] },
  { name: 'card', width: 85.6, height: 53.98, code: 40.5, letters: [7, 4] },
];

/** The side of a code with the light around it, of a picture that has that many modules in all. */
export function codeSide({ code }: PaperSize, modules: number): number {
  const quiet = 8;
  return (code * modules) / (modules - quiet);
}

/** Have whatever is printed from now on be of that size, without margins of the browser's; answers how to end that. */
export function printOn({ width, height }: PaperSize): () => void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@page { size: ${width}mm ${height}mm; margin: 0; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  return () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
  };
}
