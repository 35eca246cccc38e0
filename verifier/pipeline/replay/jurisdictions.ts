import { shortText } from './log-event.ts';
import type { Rows } from './log-event.ts';
import { introduce, known } from './projection.ts';

/** Who accredits is not projected: nothing is decided by it, and the log has it. */
export const JURISDICTION_EVENTS: Rows<
  'JurisdictionOpened' | 'AccreditorChanged' | 'JurisdictionSuspensionChanged' | 'SuccessorAnnounced'
> = {
  JurisdictionOpened({ jurisdiction, name }, { jurisdictions }) {
    const code = shortText(jurisdiction);
    introduce(jurisdictions, code, { code, name, suspended: false });
  },

  AccreditorChanged({ jurisdiction }, { jurisdictions }) {
    known(jurisdictions, shortText(jurisdiction));
  },

  JurisdictionSuspensionChanged({ jurisdiction, suspended }, { jurisdictions }) {
    const code = shortText(jurisdiction);
    jurisdictions.set(code, { ...known(jurisdictions, code), suspended });
  },

  SuccessorAnnounced({ registry, chainId }, projection) {
    const none = /^0x0{40}$/.test(registry);
    projection.successor = none ? null : { chainId: String(chainId), registry: registry.toLowerCase() };
  },
};
