import type { Studio } from '../take.ts';

/** Every screen of the wallet. */
export async function takeWallet(_studio: Studio): Promise<void> {
  await Promise.resolve();
}
