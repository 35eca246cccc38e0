/** What of fontkit is used here; it is published without types. */
declare module 'fontkit' {
  /** A font file. */
  export interface Font {
    readonly hasGlyphForCodePoint: (codePoint: number) => boolean;
    /** Glyphs of a word in the order in which they are drawn, shaped for its script. */
    readonly layout: (text: string) => {
      readonly glyphs: readonly { readonly id: number; readonly name: string }[];
    };
  }

  export function openSync(path: string): Font;
}
