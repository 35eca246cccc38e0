import type { Command } from 'commander';
import { address, addressOrNone } from '../arguments.ts';
import {
  example,
  group,
  reading,
  type ReasonOptions,
  type RegistryOptions,
  type WriteOptions,
  withReason,
  writing,
} from '../options.ts';

export interface OpenOptions extends WriteOptions {
  readonly name: string;
  readonly accreditor: string;
}

export function jurisdictionCommand(): Command {
  const open = writing('open', 'Open a jurisdiction with its accreditor (governor).')
    .argument('<code>', 'such as US-NY')
    .requiredOption('--name <name>', 'as venues read it')
    .requiredOption('--accreditor <address>', 'account that accredits its issuers', address)
    .addHelpText(
      'after',
      example('jurisdiction open US-NY --name "New York" --accreditor 0x… --registry 0x…'),
    )
    .action(async (code: string, options: OpenOptions) =>
      (await import('../jurisdiction.ts')).openJurisdiction(code, options),
    );
  const suspend = withReason(
    writing('suspend', 'Suspend a jurisdiction and all its issuers (governor or guardian).'),
  )
    .argument('<code>', 'such as US-NY')
    .addHelpText('after', example('jurisdiction suspend US-NY --reason compromised --registry 0x…'))
    .action(async (code: string, options: ReasonOptions) =>
      (await import('../jurisdiction.ts')).suspendJurisdiction(code, true, options),
    );
  const resume = withReason(writing('resume', 'Lift the suspension of a jurisdiction (governor).'))
    .argument('<code>', 'such as US-NY')
    .addHelpText('after', example('jurisdiction resume US-NY --registry 0x…'))
    .action(async (code: string, options: ReasonOptions) =>
      (await import('../jurisdiction.ts')).suspendJurisdiction(code, false, options),
    );
  const propose = writing(
    'propose-accreditor',
    'Name who is to accredit next: the accreditor, at once; or the governor, after the delay.',
  )
    .argument('<code>', 'such as US-NY')
    .argument('<account>', 'address of the next accreditor; none withdraws the proposal', addressOrNone)
    .addHelpText('after', example('jurisdiction propose-accreditor US-NY 0x… --registry 0x…'))
    .action(async (code: string, account: string | null, options: WriteOptions) =>
      (await import('../jurisdiction.ts')).proposeAccreditor(code, account, options),
    );
  const accept = writing('accept-accreditor', 'Take over as accreditor (the proposed account).')
    .argument('<code>', 'such as US-NY')
    .addHelpText('after', example('jurisdiction accept-accreditor US-NY --keystore next.json --registry 0x…'))
    .action(async (code: string, options: WriteOptions) =>
      (await import('../jurisdiction.ts')).acceptAccreditor(code, options),
    );
  const show = reading('show', 'Show a jurisdiction, its accreditor and who is to take over.')
    .argument('<code>', 'such as US-NY')
    .addHelpText('after', example('jurisdiction show US-NY --registry 0x…'))
    .action(async (code: string, options: RegistryOptions) =>
      (await import('../jurisdiction.ts')).showJurisdiction(code, options),
    );
  return group('jurisdiction', 'Open, suspend and resume jurisdictions, and hand them over.', [
    open,
    suspend,
    resume,
    propose,
    accept,
    show,
  ]);
}
