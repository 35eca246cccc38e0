import { answerCalls } from '../../verifier/web/parts/worker-calls.ts';
import { deriveKey } from '../vault/key-derivation.ts';
import type { Derivation } from '../vault/key-derivation.ts';

// argon2id, off the page's thread: half a second in which nothing could be touched.
answerCalls({
  derive: async ({ secret, derivation }: { readonly secret: string; readonly derivation: Derivation }) =>
    deriveKey(secret, derivation),
});
