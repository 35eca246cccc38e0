/** What an issuer may have for somebody. Which of them are bound to the wallet: only a Pass can be. */
export const PASS_PRODUCTS = {
  'vaccination-pass': { scheme: 'pratique', passType: 'vaccination', bound: true },
  'vaccination-plus': { scheme: 'shc', passType: 'vaccination', bound: false },
  'pcr-pass': { scheme: 'pratique', passType: 'pcr', bound: true },
  'pcr-plus': { scheme: 'shc', passType: 'pcr', bound: false },
  'antigen-pass': { scheme: 'pratique', passType: 'antigen', bound: true },
  'antigen-plus': { scheme: 'shc', passType: 'antigen', bound: false },
} as const;

export type PassProduct = keyof typeof PASS_PRODUCTS;

/** In the order in which they are asked for. */
export const ALL_PRODUCTS = Object.keys(PASS_PRODUCTS) as readonly PassProduct[];
