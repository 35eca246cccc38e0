/** Points of a millimetre. */
export const MM = 72 / 25.4;

/** Where things go on one size of paper, in points. */
export interface PaperLayout {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
  /** The side of a QR code, without the light around it: 40 mm and more at every version (V22 has 105 modules). */
  readonly code: number;
  /** Largest and smallest sizes of letters. */
  readonly name: readonly [number, number];
  readonly text: readonly [number, number];
  /** Beside the code, or below it. */
  readonly beside: boolean;
  /** What to do with it is said where there is room. */
  readonly notes: boolean;
}

export type PaperSize = 'a4' | 'letter' | 'card';

const PAGE = {
  margin: 20 * MM,
  code: 70 * MM,
  name: [24, 10],
  text: [11, 7],
  beside: false,
  notes: true,
} as const;

/** A4 (ISO 216), Letter (ANSI), and a card for a wallet (ID-1, ISO/IEC 7810). */
export const PAPER_SIZES: Readonly<Record<PaperSize, PaperLayout>> = {
  a4: { ...PAGE, width: 210 * MM, height: 297 * MM },
  letter: { ...PAGE, width: 215.9 * MM, height: 279.4 * MM },
  card: {
    width: 85.6 * MM,
    height: 53.98 * MM,
    margin: 2.5 * MM,
    code: 40.5 * MM,
    name: [11, 5],
    text: [6, 4],
    beside: true,
    notes: false,
  },
};
