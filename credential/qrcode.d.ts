/**
 * The encoder of the package qrcode by itself: the package's own entry brings writers of files with it, and its published
 * types Node's.
 */
declare module 'qrcode/lib/core/qrcode.js' {
  /** One segment in the mode that its characters call for (ISO/IEC 18004 §7.3). */
  export interface Segment {
    readonly mode: 'byte' | 'numeric';
    readonly data: Uint8Array | string;
  }

  /** The symbol of those segments, of the smallest version that holds them. */
  export function create(
    segments: readonly Segment[],
    options: { readonly errorCorrectionLevel: 'L' | 'M' | 'Q' | 'H' },
  ): {
    readonly modules: {
      /** Modules per side, without the quiet zone. */
      readonly size: number;
      /** 1 if the module is dark. */
      readonly get: (row: number, column: number) => number;
    };
  };
}
