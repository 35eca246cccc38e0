const TAG_BYTES = 16;
const WORDS = TAG_BYTES / 4;
/** Of a million tags, one or two fall into a bucket; of 5.6 million, five. */
const BUCKET_BITS = 20;
const BUCKETS = 2 ** BUCKET_BITS;

/** Tags of persons, to be asked about. */
export interface TagSet {
  readonly size: number;
  readonly has: (tag: string) => boolean;
}

/**
 * Sorts tags (16 bytes in base64url) into one buffer by their first bits, which are as good as random: 16 bytes a tag and
 * 4 MiB, where a set of as many strings would take ten times that.
 *
 * @param atMost how many there can be; what comes after is an error of the caller (RangeError)
 */
export async function tagSet(tags: AsyncIterable<string>, atMost: number): Promise<TagSet> {
  const unsorted = new Uint32Array(atMost * WORDS);
  const ends = new Uint32Array(BUCKETS + 1);
  let size = 0;
  for await (const tag of tags) {
    if (size === atMost) throw new RangeError('More tags than there can be.');
    const words = wordsOf(tag);
    unsorted.set(words, size * WORDS);
    const at = bucketOf(words, 0) + 1;
    ends[at] = (ends[at] ?? 0) + 1;
    size++;
  }
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    ends[bucket + 1] = (ends[bucket + 1] ?? 0) + (ends[bucket] ?? 0);
  }
  // From here on `ends` moves from where each bucket begins to where it ends.
  const sorted = new Uint32Array(size * WORDS);
  for (let place = 0; place < size; place++) {
    const bucket = bucketOf(unsorted, place * WORDS);
    const at = ends[bucket] ?? 0;
    sorted.set(unsorted.subarray(place * WORDS, (place + 1) * WORDS), at * WORDS);
    ends[bucket] = at + 1;
  }
  return {
    size,
    has(tag) {
      const words = wordsOf(tag);
      const bucket = bucketOf(words, 0);
      const end = ends[bucket] ?? 0;
      for (let at = bucket === 0 ? 0 : (ends[bucket - 1] ?? 0); at < end; at++) {
        if (words.every((word, place) => word === sorted[at * WORDS + place])) return true;
      }
      return false;
    },
  };
}

/** The words of the tag that was read last: millions are read one by one. */
const WORDS_READ = new Uint32Array(WORDS);
const BYTES_READ = Buffer.from(WORDS_READ.buffer);
const TAG_CHARS = 22;

function wordsOf(tag: string): Uint32Array {
  if (tag.length !== TAG_CHARS || BYTES_READ.write(tag, 'base64url') !== TAG_BYTES) {
    throw new RangeError('This is no tag.');
  }
  return WORDS_READ;
}

function bucketOf(words: Uint32Array, at: number): number {
  return (words[at] ?? 0) >>> (32 - BUCKET_BITS);
}
