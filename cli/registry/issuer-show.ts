import { attestationNames } from '../../contracts/attestation.ts';
import { type HistoryEntry, readEntries } from '../../contracts/history.ts';
import { invalidAnswer } from '../../contracts/json-rpc.ts';
import { moment } from '../../contracts/moment.ts';
import { reasonInWords } from '../../contracts/reason.ts';
import type { RegistryClient } from '../../contracts/registry-client.ts';
import { decodeAddress } from '../../contracts/registry-encoding.ts';
import type { IssuerState, Offer, Proposal } from '../../contracts/registry-views.ts';
import { cleanText } from '../display.ts';
import { connectReader, issuerNumber } from './connect.ts';
import type { RegistryOptions } from './options.ts';
import { print, proposalInWords, window } from './print.ts';

/** What the log says of an issuer, as far as storage does not hold it. */
interface Told {
  readonly did: string;
  readonly iss: string;
  readonly name: string;
  readonly statusBase: string;
}

/** `pratique registry issuer show`: what it is, who acts for it, and what is proposed or offered. */
export async function showIssuer(issuer: string, options: RegistryOptions): Promise<void> {
  const client = await connectReader(options);
  const issuerId = await issuerNumber(client, issuer);
  const state = await client.issuerOf(issuerId);
  if (state.status === 'none') {
    print({ issuerId, ...state, controller: null }, [`Issuer ${issuerId} is none`], options);
    return;
  }
  const { suspended } = await client.jurisdictionOf(state.jurisdiction);
  const pending = await pendingOf(client, issuerId);
  const entries = await readEntries(options.rpc, options.registry, {
    events: [
      'IssuerRegistered',
      'IssuerUpdated',
      'IssuerStatusBaseChanged',
      'IssuerStatusChanged',
      'IssuerHoldChanged',
    ],
    first: `0x${issuerId.toString(16).padStart(64, '0')}`,
  });
  if (entries.length === 0) invalidAnswer('the log of this issuer');
  const told: Told = Object.assign({}, ...entries.map(({ details }) => details)) as Told;
  const { did, iss, name, statusBase } = told;
  const controller = decodeAddress(state.controller);
  print(
    {
      issuerId,
      did,
      iss,
      name,
      statusBase,
      ...state,
      controller,
      attested: attestationNames(state.attestations),
      jurisdictionSuspended: suspended,
      ...pending,
    },
    [
      `Issuer ${issuerId}, ${cleanText(name)}, ${iss}, is ${state.status} in ${state.jurisdiction}` +
        lastOf(entries, 'IssuerStatusChanged'),
      ...standingLines(state, suspended, entries),
      `accredited ${window(state.accreditedFrom, state.accreditedUntil)}, attested ${attestationNames(state.attestations).join(', ') || 'nothing'}`,
      `status data ${statusBase === '' ? 'nowhere' : `under ${statusBase}`}`,
      controller === null ? 'only listed, no controller' : `controller ${controller}`,
      `operator ${state.operator ?? 'none'}`,
      ...pendingLines(pending),
    ],
    options,
  );
}

interface Pending {
  readonly nextController: Proposal | null;
  readonly offer: Offer | null;
}

async function pendingOf(client: RegistryClient, issuerId: number): Promise<Pending> {
  const next = await client.controllerProposalOf(issuerId);
  const offer = await client.transferOfferOf(issuerId);
  return {
    nextController: next.account === null ? null : next,
    offer: offer.jurisdiction === null ? null : offer,
  };
}

function pendingLines({ nextController, offer }: Pending): string[] {
  const lines = [];
  if (nextController !== null) lines.push(`next controller: ${proposalInWords(nextController)}`);
  if (offer !== null) {
    const by = offer.byGovernor ? 'the governor' : 'its accreditor';
    lines.push(
      `offered by ${by} to ${offer.jurisdiction}, whose accreditor may accept from ${moment(offer.notBefore)} on`,
    );
  }
  return lines;
}

function standingLines(state: IssuerState, suspended: boolean, entries: readonly HistoryEntry[]): string[] {
  const lines = [];
  if (state.held) lines.push(`held${lastOf(entries, 'IssuerHoldChanged')}`);
  if (suspended) lines.push(`its jurisdiction ${state.jurisdiction} is suspended`);
  return lines;
}

/** Since when, why and by whom. */
function lastOf(entries: readonly HistoryEntry[], event: HistoryEntry['event']): string {
  const last = entries.findLast((entry) => entry.event === event);
  if (last === undefined) return '';
  return ` since ${moment(last.time)}, by ${last.by}, reason ${reasonInWords(Number(last.details['reason']))}`;
}
