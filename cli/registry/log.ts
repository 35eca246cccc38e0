import type { HistoryEntry, HistoryEvent, RegistryHistory } from '../../contracts/history.ts';
import { attestationNames } from '../../contracts/attestation.ts';
import { moment } from '../../contracts/moment.ts';
import { reasonInWords } from '../../contracts/reason.ts';
import { ZERO_ADDRESS } from '../../contracts/registry-encoding.ts';
import { cleanText } from '../display.ts';
import { withProgress } from '../trust/progress.ts';
import type { RegistryOptions } from './options.ts';
import { print, window } from './print.ts';
import { verifiedHistory } from './verified-history.ts';

type Details = HistoryEntry['details'];

/** The one free text of the log; the contract lets nothing unprintable into the others. */
const nameIn = (is: Details): string => cleanText(String(is['name']));
const reasonIn = (is: Details): string => `reason ${reasonInWords(Number(is['reason']))}`;
const accreditedIn = (is: Details): string =>
  window(Number(is['accreditedFrom']), Number(is['accreditedUntil']));
const attestedIn = (is: Details): string =>
  attestationNames(Number(is['attestations'])).join(', ') || 'nothing';
const keyIn = (is: Details): string => `key ${is['kid']} of issuer ${is['issuerId']}`;
/** An address that may be nobody's. */
const somebody = (account: Details[string] | undefined): string =>
  account === ZERO_ADDRESS ? 'nobody' : String(account);

/** What happened, by the event's name. */
const SENTENCES: Record<HistoryEvent, (is: Details) => string> = {
  JurisdictionOpened: (is) =>
    `opened jurisdiction ${is['jurisdiction']}, ${nameIn(is)}, accreditor ${is['accreditor']}`,
  AccreditorChanged: (is) => `took over as accreditor of ${is['jurisdiction']}`,
  JurisdictionSuspensionChanged: (is) =>
    `${is['suspended'] === true ? 'suspended' : 'resumed'} jurisdiction ${is['jurisdiction']}, ${reasonIn(is)}`,
  IssuerRegistered: (is) =>
    `registered issuer ${is['issuerId']}, ${nameIn(is)}, ${is['did']}, ${is['status']} in ${is['jurisdiction']} ` +
    `${accreditedIn(is)}, controller ${somebody(is['controller'])}, attested ${attestedIn(is)}`,
  IssuerStatusChanged: (is) => `made issuer ${is['issuerId']} ${is['status']}, ${reasonIn(is)}`,
  IssuerHoldChanged: (is) =>
    `${is['held'] === true ? 'put a hold on' : 'lifted the hold of'} issuer ${is['issuerId']}, ${reasonIn(is)}`,
  IssuerUpdated: (is) =>
    `stated anew of issuer ${is['issuerId']}: ${nameIn(is)}, accredited ${accreditedIn(is)}, attested ${attestedIn(is)}`,
  IssuerStatusBaseChanged: (is) =>
    `moved the status data of issuer ${is['issuerId']} to ${String(is['statusBase']) || 'nowhere'}`,
  IssuerControllerChanged: (is) => `took over as controller of issuer ${is['issuerId']}`,
  IssuerOperatorChanged: (is) => `let ${somebody(is['operator'])} anchor for issuer ${is['issuerId']}`,
  IssuerTransferred: (is) => `took issuer ${is['issuerId']} over into ${is['jurisdiction']}`,
  KeyRegistered: (is) =>
    `registered ${keyIn(is)}, possession proven, ` +
    `${window(Number(is['validFrom']), Number(is['validUntil']))}, revocation ${is['revocation']}`,
  KeyListed: (is) =>
    `listed ${keyIn(is)}, ${window(0, Number(is['validUntil']))}, revocation ${is['revocation']}`,
  KeyRetired: (is) => `retired ${keyIn(is)} as of ${moment(Number(is['validUntil']))}`,
  KeyCompromised: (is) => `reported ${keyIn(is)} stolen`,
  KeyRevocationChanged: (is) => `made cards of ${keyIn(is)} revocable by ${is['revocation']}`,
  KeyBurned: (is) => `burned key ${is['kid']} under every issuer, by its own signature`,
  VenueRegistered: (is) =>
    `registered venue ${is['venueId']}, ${nameIn(is)}, ${is['did']}, in ${is['jurisdiction']}`,
  VenueRenamed: (is) => `renamed venue ${is['venueId']} to ${nameIn(is)}`,
  VenueStatusChanged: (is) => `made venue ${is['venueId']} ${is['status']}, ${reasonIn(is)}`,
  RulesPublished: (is) =>
    /^0x0+$/.test(String(is['digest']))
      ? `ended rules ${is['id']} of ${is['jurisdiction']} by version ${is['version']}, ${window(Number(is['validFrom']), 0)}`
      : `published rules ${is['id']} of ${is['jurisdiction']}, version ${is['version']}, ` +
        `${window(Number(is['validFrom']), 0)}, digest ${is['digest']}${is['uri'] === '' ? '' : `, ${is['uri']}`}`,
  SuccessorAnnounced: (is) =>
    is['registry'] === ZERO_ADDRESS
      ? 'took the announcement of a successor back'
      : `announced ${is['registry']} on chain ${is['chainId']} to follow this registry`,
};

/** An event of the log in words. */
export function sentenceOf({ event, details }: HistoryEntry): string {
  return SENTENCES[event](details);
}

/** What `trust sync --log` reads, wherever it came from. */
function asEmitted({ topics, data }: RegistryHistory['logs'][number]): object {
  return { topics, data };
}

/** `pratique registry log`: who did what, when and in which block; the head recomputed from these very logs. */
export async function runLog(options: RegistryOptions): Promise<void> {
  const read = async (): ReturnType<typeof verifiedHistory> => verifiedHistory(options);
  const history = options.json === true ? read() : withProgress('Reading the log', read);
  const { chainId, block, head, size, logs, entries } = await history;
  print(
    {
      chainId,
      registry: options.registry,
      block: block.number,
      head,
      size,
      entries,
      logs: logs.map(asEmitted),
    },
    [
      ...entries.map(
        (entry) =>
          `${entry.seq}  ${moment(entry.time)}  block ${entry.block}  ${entry.by} ${sentenceOf(entry)}`,
      ),
      `Head ${head} after ${size} events, recomputed and equal to the chain's at block ${block.number}`,
    ],
    options,
  );
}
