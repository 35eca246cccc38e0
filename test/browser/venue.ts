import { create } from 'qrcode/lib/core/qrcode.js';
import { importEs256Key } from '../../credential/es256-node.ts';
import { encodeCardUri } from '../../credential/shc-uri.ts';
import { signBundle } from '../../verifier/node/bundle.ts';
import { oneTimeExporterKey } from '../../verifier/node/exporter-key.ts';
import type { ExporterKey } from '../../verifier/node/exporter-key.ts';
import type { TrustReport, Venue } from '../../verifier/node/venue.ts';
import type { RawLog } from '../../verifier/pipeline/registry-log.ts';
import { replayLog } from '../../verifier/pipeline/replay.ts';
import type { ChainSource, TrustDocument } from '../../verifier/pipeline/trust-document.ts';
import { indexTrust } from '../../verifier/pipeline/trust.ts';
import { DEFAULT_POLICY } from '../../verifier/pipeline/venue-policy.ts';
import { anchoredRids, DAY, healthCard, mintCard, newKey, trustDocument } from '../support/cards.ts';
import type { Picture } from '../support/pictures.ts';
import { CHAIN, keyListed, opened, registered, registryLog } from '../verifier/registry-events.ts';

// What the pages' tests have in common: the cards of an issuer, and a venue that knows about it.

/** This test's moment, Unix seconds: the browser's clock is the machine's. */
export const NOW = Math.floor(Date.now() / 1000);

/** Revokes by a list of rids, which the venue holds. */
export const LISTED = newKey();
/** Revokes by a list that the venue does not hold. */
export const UNLISTED = newKey();
/** Nobody lists it. */
export const STRANGER = newKey();

export const EVENTS = [opened(), registered(), keyListed(LISTED, 2), keyListed(UNLISTED, 2)] as const;
export const LOG: readonly RawLog[] = registryLog(...EVENTS);

/** The key of the node, which signs its trust data and its set-up codes. */
export const EXPORTER = oneTimeExporterKey();

/** The card of a person who does not exist, issued yesterday. */
export function cardOf(
  name: { readonly given: string; readonly family: string },
  { key = LISTED, exp, rid = 'rid-1' }: { key?: typeof LISTED; exp?: number; rid?: string } = {},
): string {
  const { fhirBundle } = healthCard();
  const [patient, ...others] = fhirBundle.entry;
  const named = {
    fullUrl: 'resource:0',
    resource: {
      ...patient?.resource,
      resourceType: 'Patient',
      name: [{ family: name.family, given: [name.given] }],
    },
  };
  return mintCard(key, {
    nbf: NOW - DAY,
    exp,
    rid,
    fhirBundle: { ...fhirBundle, entry: [named, ...others] },
  });
}

/** The QR code of a text as a picture, with its quiet zone, so many pixels a module. */
export function codeOf(text: string, scale: number): Picture {
  const [, scheme = '', digits] = /^(shc:\/(?:\d+\/\d+\/)?|pratique-setup:\/)?(.*)$/s.exec(text) ?? [];
  const segments =
    scheme === ''
      ? [{ mode: 'byte' as const, data: new TextEncoder().encode(text) }]
      : [
          { mode: 'byte' as const, data: new TextEncoder().encode(scheme) },
          { mode: 'numeric' as const, data: digits ?? '' },
        ];
  const { modules } = create(segments, { errorCorrectionLevel: 'L' });
  const side = modules.size + 8;
  const at = (x: number, y: number): number => {
    const [column, row] = [Math.floor(x / scale) - 4, Math.floor(y / scale) - 4];
    const isInside = column >= 0 && row >= 0 && column < modules.size && row < modules.size;
    return isInside && modules.get(row, column) !== 0 ? 20 : 235;
  };
  return { width: side * scale, height: side * scale, at };
}

/** The QR code of a card. */
export function cardCode(jws: string, scale: number): Picture {
  return codeOf(encodeCardUri(jws, 'shc'), scale);
}

/** What a venue knows, with what a test says otherwise. */
export interface Knowledge {
  readonly logs?: readonly RawLog[];
  readonly document?: Partial<TrustDocument>;
  readonly block?: number;
  /** Seconds before now. */
  readonly age?: number;
  readonly anchored?: boolean;
  readonly allowUnanchored?: boolean;
  readonly rules?: string;
  /** What the source says instead of where the log leads. */
  readonly head?: string;
  /** Another address of the registry. */
  readonly registry?: string;
  readonly exporter?: ExporterKey;
  /** Ids of set-up codes. */
  readonly withdrawn?: readonly string[];
}

/** A venue that knows this. */
export function venueOf({
  logs = LOG,
  document: more = {},
  block = 10,
  age = 60,
  anchored = true,
  allowUnanchored = false,
  rules = 'none',
  head: said,
  registry = CHAIN.registry,
  exporter = EXPORTER,
}: Knowledge = {}): Venue {
  const { head, size, trust: who } = replayLog(logs, { ...CHAIN, registry });
  const { data, anchor } = anchoredRids(LISTED, ['rid-revoked']);
  const takenAt = NOW - age;
  const source: ChainSource = {
    kind: 'chain',
    ...CHAIN,
    registry,
    head: said ?? head,
    size,
    block: { number: block, hash: `0x${'ee'.repeat(32)}`, time: takenAt - 10 },
  };
  const document = trustDocument({
    source,
    takenAt,
    ...who,
    anchors: [{ ...anchor, time: takenAt - 100 }],
    lists: [data],
    ...more,
  });
  const trust = indexTrust(document, { anchored, importKey: importEs256Key });
  const bundle = signBundle(document, exporter);
  const clock = (): number => Date.now() / 1000;
  const report = (): TrustReport => ({
    state: 'held',
    anchored,
    imported: false,
    exporter: null,
    source: document.source,
    takenAt,
    ageSeconds: Math.floor(clock() - takenAt),
    blockAgeSeconds: null,
    freshness: 'fresh',
    online: true,
    lastAttempt: null,
    faults: [],
    lists: [
      { iss: 'https://issuer.example', kid: LISTED.kid, state: 'current', anchoredAt: null, fault: null },
    ],
    rules: [],
    successor: null,
  });
  return {
    trust: () => trust,
    terms: ({ at, event, rules: asked = 'none' }) => ({
      now: clock(),
      at,
      event,
      allowUnanchored,
      rules: rules === 'none' ? asked : rules,
      policy: DEFAULT_POLICY,
    }),
    report,
    bundle: async () => Promise.resolve(bundle),
    log: () => (document.source.kind === 'chain' ? { source: document.source, logs } : undefined),
  };
}
