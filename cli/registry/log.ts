import { type HistoryEntry, type HistoryEvent, readHistory } from '../../contracts/history.ts';
import { RegistryError } from '../../contracts/registry-error.ts';
import { logGenesis, nextHead } from '../../verifier/pipeline/registry-log.ts';
import { cleanText } from '../display.ts';
import type { RegistryOptions } from '../registry.ts';
import { moment, print, window } from './print.ts';

type Details = HistoryEntry['details'];

/** The one free text of the log; the contract lets nothing unprintable into the others. */
const nameIn = (is: Details): string => cleanText(String(is['name']));

/** What happened, by the event's name. */
const SENTENCES: Record<HistoryEvent, (is: Details) => string> = {
  JurisdictionOpened: (is) =>
    `opened jurisdiction ${is['jurisdiction']}, ${nameIn(is)}, accreditor ${is['accreditor']}`,
  JurisdictionSuspensionChanged: (is) =>
    `${is['suspended'] === true ? 'suspended' : 'resumed'} jurisdiction ${is['jurisdiction']}, reason ${is['reason']}`,
  IssuerRegistered: (is) =>
    `registered issuer ${is['issuerId']}, ${nameIn(is)}, ${is['did']}, ${is['status']} in ${is['jurisdiction']} ` +
    window(Number(is['accreditedFrom']), Number(is['accreditedUntil'])),
  IssuerStatusChanged: (is) => `made issuer ${is['issuerId']} ${is['status']}, reason ${is['reason']}`,
  KeyRegistered: (is) =>
    `registered key ${is['kid']} of issuer ${is['issuerId']}, possession proven, ` +
    `${window(Number(is['validFrom']), Number(is['validUntil']))}, revocation ${is['revocation']}`,
  KeyListed: (is) =>
    `listed key ${is['kid']} of issuer ${is['issuerId']}, ${window(0, Number(is['validUntil']))}, revocation ${is['revocation']}`,
  KeyRetired: (is) =>
    `retired key ${is['kid']} of issuer ${is['issuerId']} as of ${moment(Number(is['validUntil']))}`,
  KeyCompromised: (is) => `reported key ${is['kid']} of issuer ${is['issuerId']} stolen`,
};

/**
 * `pratique registry log`: who did what, when and in which block; the head recomputed from these very logs.
 *
 * RegistryError CHAIN_ANSWER_INVALID if it is not the head that the chain holds.
 */
export async function runLog(options: RegistryOptions): Promise<void> {
  const { rpc, registry } = options;
  const { chainId, block, head, size, logs, entries } = await readHistory(rpc, registry);
  const recomputed = logs.reduce(nextHead, logGenesis(chainId, registry));
  if (recomputed !== head || logs.length !== size) {
    throw new RegistryError(
      'CHAIN_ANSWER_INVALID',
      'The log that the node tells is not the one whose head the chain holds: events are missing, added or changed.',
    );
  }
  print(
    { chainId, registry, block: block.number, head, size, entries },
    [
      ...entries.map(
        (entry) =>
          `${entry.seq}  ${moment(entry.time)}  block ${entry.block}  ${entry.by} ${SENTENCES[entry.event](entry.details)}`,
      ),
      `Head ${head} after ${size} events, recomputed and equal to the chain's at block ${block.number}`,
    ],
    options,
  );
}
