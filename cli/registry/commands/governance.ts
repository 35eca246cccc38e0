import type { Command } from 'commander';
import { address, duration, wholeNumber } from '../arguments.ts';
import { example, group, reading, type RegistryOptions, type WriteOptions, writing } from '../options.ts';

export interface SuccessorOptions extends WriteOptions {
  readonly onChain?: number;
}

export function governorCommand(): Command {
  const show = reading('show', 'Show who governs, who is to, and the delay.')
    .addHelpText('after', example('governor show --registry 0x…'))
    .action(async (options: RegistryOptions) => (await import('../governance.ts')).showGovernor(options));
  const propose = writing('propose', 'Name who is to govern next, after the delay (governor).')
    .argument('<account>', 'address of the next governor', address)
    .addHelpText('after', example('governor propose 0x… --registry 0x…'))
    .action(async (account: string, options: WriteOptions) =>
      (await import('../governance.ts')).proposeGovernor(account, options),
    );
  const accept = writing('accept', 'Take over as governor (the named one, once the delay is over).')
    .addHelpText('after', example('governor accept --keystore next.json --registry 0x…'))
    .action(async (options: WriteOptions) => (await import('../governance.ts')).acceptGovernor(options));
  const cancel = writing('cancel', 'Take back who was named to govern next (governor).')
    .addHelpText('after', example('governor cancel --registry 0x…'))
    .action(async (options: WriteOptions) => (await import('../governance.ts')).cancelGovernor(options));
  const delay = writing('delay', 'Make the delay longer, up to 90 days (governor).')
    .argument('<duration>', 'seconds, or such as 7d', duration)
    .addHelpText('after', example('governor delay 7d --registry 0x…'))
    .action(async (seconds: number, options: WriteOptions) =>
      (await import('../governance.ts')).changeDelay(seconds, options),
    );
  const cancelDelay = writing('cancel-delay', 'Take back a longer delay that does not hold yet (governor).')
    .addHelpText('after', example('governor cancel-delay --registry 0x…'))
    .action(async (options: WriteOptions) => (await import('../governance.ts')).cancelDelay(options));
  return group('governor', 'Hand governance over, and the delay that protects it.', [
    show,
    propose,
    accept,
    cancel,
    delay,
    cancelDelay,
  ]);
}

export function guardianCommand(): Command {
  const show = reading('show', 'Show the guardians and who was offered to be one, or one account.')
    .argument('[account]', 'address of one', address)
    .addHelpText('after', example('guardian show --registry 0x…'))
    .action(async (account: string | undefined, options: RegistryOptions) =>
      (await import('../guardian.ts')).showGuardian(account, options),
    );
  const offer = writing('offer', 'Offer an account to be guardian, after the delay (governor).')
    .argument('<account>', 'its address', address)
    .addHelpText('after', example('guardian offer 0x… --registry 0x…'))
    .action(async (account: string, options: WriteOptions) =>
      (await import('../guardian.ts')).offerGuardian(account, options),
    );
  const accept = writing('accept', 'Become guardian (the offered account, once the delay is over).')
    .addHelpText('after', example('guardian accept --account 5 --registry 0x…'))
    .action(async (options: WriteOptions) => (await import('../guardian.ts')).acceptGuardian(options));
  const revoke = writing('revoke', 'End a guardian, or the offer to be one (governor).')
    .argument('<account>', 'its address', address)
    .addHelpText('after', example('guardian revoke 0x… --registry 0x…'))
    .action(async (account: string, options: WriteOptions) =>
      (await import('../guardian.ts')).revokeGuardian(account, options),
    );
  const renounce = writing('renounce', 'Be guardian no longer (guardian).')
    .addHelpText('after', example('guardian renounce --account 5 --registry 0x…'))
    .action(async (options: WriteOptions) => (await import('../guardian.ts')).renounceGuardian(options));
  return group('guardian', 'Guardians can suspend, and nothing else.', [
    show,
    offer,
    accept,
    revoke,
    renounce,
  ]);
}

export function successorCommand(): Command {
  const announce = writing('announce', 'Tell the log’s readers which registry is to follow (governor).')
    .argument('<registry>', 'address of the next registry', address)
    .option('--on-chain <id>', 'the chain it is on (default: this one)', wholeNumber)
    .addHelpText('after', example('successor announce 0x… --registry 0x…'))
    .action(async (next: string, options: SuccessorOptions) =>
      (await import('../successor.ts')).announceSuccessor(next, options),
    );
  const withdraw = writing('withdraw', 'Take an announcement back (governor).')
    .addHelpText('after', example('successor withdraw --registry 0x…'))
    .action(async (options: WriteOptions) => (await import('../successor.ts')).withdrawSuccessor(options));
  const show = reading('show', 'Show the registry that was announced to follow.')
    .addHelpText('after', example('successor show --registry 0x…'))
    .action(async (options: RegistryOptions) => (await import('../successor.ts')).showSuccessor(options));
  return group('successor', 'Announce a registry that is to follow; no reader follows by itself.', [
    announce,
    withdraw,
    show,
  ]);
}
