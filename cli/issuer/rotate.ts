import type { Issuer, SigningKey } from '../../agent/issuer.ts';
import { successorOf } from '../../agent/key-rotation.ts';
import { keyAge } from '../../agent/signing-keys.ts';
import { withProgress } from '../trust/progress.ts';
import { anchorStatus, type AnchoredStatus } from './anchor.ts';
import { inAnchoringTurn } from './anchoring-turn.ts';
import { connectIssuer, type ChainOptions, type Connection } from './connect.ts';
import { endKey, publishKeySet } from './end-key.ts';
import { signingKeyOf, warnOfKey } from './key-warning.ts';
import { registerSigningKey, type RegisteredKey } from './register-key.ts';
import { report, withIssuer, type IssuerOptions } from './session.ts';

export interface RotateOptions extends IssuerOptions, ChainOptions {
  readonly out: string;
  readonly days: number;
  readonly room?: number;
  readonly ifDue?: boolean;
  readonly retireOld?: boolean;
}

/** What a rotation came to. */
interface Rotated {
  readonly key: RegisteredKey;
  /** The key that signed before. */
  readonly from: string | null;
  readonly lists: readonly AnchoredStatus[];
  readonly keySet: string;
  /** Block of the old key's retirement; undefined if that was not asked for, or had happened before. */
  readonly retiredIn: number | undefined;
}

/**
 * `pratique issuer rotate`: the next key, from being made to signing, while the one before still may.
 *
 * Safe to repeat, however far the last try got: it goes on with the key that was made then.
 */
export async function runRotate(options: RotateOptions): Promise<void> {
  await withIssuer(options, async (issuer) => {
    if (options.ifDue === true && (await issuer.rotation.begun()) === undefined) {
      const due = warnOfKey(issuer, { ...options, json: true });
      if (due === undefined && signingKeyOf(issuer) !== undefined) {
        report(options, { rotated: false }, ['The key that signs is not due for a successor yet.']);
        return;
      }
    }
    const done = await withProgress('Waiting for the chain', async () =>
      rotate(issuer, await connectIssuer(issuer, options), options),
    );
    reportRotated(options, done);
  });
}

async function rotate(issuer: Issuer, connection: Connection, options: RotateOptions): Promise<Rotated> {
  const { client, binding } = connection;
  const now = Math.floor(Date.now() / 1000);
  const left = await issuer.rotation.begun();
  // One that nobody finished, and whose key has served its time since: another is to follow that one.
  if (left !== undefined && isWorn(successorOf(issuer.keys(), left.from), now)) await issuer.rotation.end();
  const { from } = await issuer.rotation.begin({ from: signingKeyOf(issuer)?.kid ?? null, begunAt: now });
  const next = successorOf(issuer.keys(), from) ?? (await keyBesides(issuer, from));
  const key = await registerSigningKey(issuer, client, {
    now,
    kid: next.kid,
    window: { validFrom: now, validUntil: now + options.days * 86_400 },
  });
  const lists = await inAnchoringTurn(issuer, undefined, async (assertTurn) =>
    anchorStatus(issuer, client, {
      rpcUrl: binding.rpcUrl,
      unchanged: 'never',
      room: options.room ?? 0,
      ...(assertTurn === undefined ? {} : { assertTurn }),
    }),
  );
  for (const { kid } of lists) await issuer.publishStatus(kid, options.out);
  // Last on the chain: until the new list stands there, the old key is the only one that can sign.
  const retire = options.retireOld === true && from !== null;
  const retired = retire ? await endKey(issuer, connection, from, 'retired') : undefined;
  const keySet = await publishKeySet(issuer, options.out);
  await issuer.rotation.end();
  return { key, from, lists, keySet, retiredIn: retired?.block };
}

/** A new key where the one before lies: nobody moves from a token into a file unseen. */
async function keyBesides(issuer: Issuer, from: string | null): Promise<SigningKey> {
  return issuer.createSigningKey(from === null ? undefined : await issuer.placeOf(from));
}

function isWorn(key: SigningKey | undefined, now: number): boolean {
  const age = key === undefined ? 'not-registered' : keyAge(key, now);
  return age === 'due' || age === 'over';
}

function reportRotated(
  options: RotateOptions,
  { key: { key, window, block }, from, lists, keySet, retiredIn }: Rotated,
): void {
  const { kid, x, y } = key;
  const own = lists.find((list) => list.kid === kid);
  const retired = options.retireOld === true && from !== null;
  const json = { rotated: true, kid, x, y, ...window, block, from, retired, retiredIn, keySet };
  report(options, { ...json, anchoredIn: own?.block, counter: own?.counter }, [
    block === undefined
      ? `Key ${kid} stands in the registry already.`
      : `Key ${kid} registered with proof of possession in block ${block}.`,
    `  signs    from now on, until ${new Date(window.validUntil * 1000).toISOString()}`,
    `  list     anchored as counter ${own?.counter ?? 0}; lists and key set written to ${options.out}`,
    ...(from === null ? [] : oldKeyLines(from, retired)),
  ]);
}

function oldKeyLines(from: string, retired: boolean): readonly string[] {
  return retired
    ? [`Key ${from} is retired: it signs no more, and its cards stay good.`]
    : [
        `Key ${from} signs nothing any more unless it is asked to: its cards stay good, and it can be retired now.`,
        `  next     \`pratique issuer key retire -- ${from}\``,
      ];
}
