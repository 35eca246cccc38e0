import { createHmac, type KeyObject } from 'node:crypto';

/** What is recognised again without being kept. */
export type TagPurpose = 'person' | 'lot' | 'payload';

/** The keys of tags, one for each purpose; none tells another, nor the data key that they come from. */
export type TagKeys = Readonly<Record<TagPurpose, KeyObject>>;

/** Makes keyed tags. */
export interface Tagger {
  /** The tag of a text: 16 bytes of HMAC-SHA256 in base64url. */
  readonly tag: (purpose: Exclude<TagPurpose, 'payload'>, text: string) => string;
  /**
   * HMAC-SHA256 of the payload of a card in base64url. A plain hash would tell its name: all else in a Pass is known to
   * whoever sees its record, and names can be tried.
   */
  readonly payloadHash: (payload: Uint8Array) => string;
}

const TAG_BYTES = 16;

/** The tagger of those keys, in whichever thread. */
export function taggerOf(keys: TagKeys): Tagger {
  return {
    tag: (purpose, text) =>
      createHmac('sha256', keys[purpose]).update(text).digest().subarray(0, TAG_BYTES).toString('base64url'),
    payloadHash: (payload) => createHmac('sha256', keys.payload).update(payload).digest('base64url'),
  };
}
