import type { Command } from 'commander';
import { digest, wholeNumber } from '../arguments.ts';
import {
  example,
  group,
  ofIssuer,
  ofList,
  reading,
  type RegistryOptions,
  type WriteOptions,
  writing,
} from '../options.ts';
import { type InstructionOptions, instructing } from './key.ts';

export interface PutAnchorOptions extends InstructionOptions {
  readonly root: string;
  readonly counter?: number;
  readonly length: number;
  readonly revoked: number;
  readonly final?: boolean;
}

export function anchorCommand(): Command {
  const description = 'Anchor the revocation data of a list (controller, operator, or accreditor if listed).';
  const put = ofList(ofIssuer(instructing(writing('put', description))))
    .requiredOption('--root <hex>', 'RFC 9162 Merkle tree hash of the list', digest)
    .requiredOption('--length <n>', 'bits of a status list, entries of a list of rids', wholeNumber)
    .requiredOption('--revoked <n>', 'cards revoked in it', wholeNumber)
    .option('--counter <n>', 'strictly rising (default: one above the last)', wholeNumber)
    .option('--final', 'never to be followed by another')
    .addHelpText(
      'after',
      example('anchor put 1 3Kfdg-XwP-… --root 0x… --length 131072 --revoked 5 --registry 0x…'),
    )
    .action(async (issuer: string, list: string, options: PutAnchorOptions) =>
      (await import('../anchor.ts')).putAnchor(issuer, list, options),
    );
  const renew = ofList(ofIssuer(writing('renew', 'Say that a list’s last anchor still stands (accreditor).')))
    .addHelpText('after', example('anchor renew 1 3Kfdg-XwP-… --registry 0x…'))
    .action(async (issuer: string, list: string, options: WriteOptions) =>
      (await import('../anchor.ts')).renewAnchor(issuer, list, options),
    );
  const show = ofList(ofIssuer(reading('show', 'Show what is anchored of a list.')))
    .addHelpText('after', example('anchor show 1 3Kfdg-XwP-… --registry 0x…'))
    .action(async (issuer: string, list: string, options: RegistryOptions) =>
      (await import('../anchor.ts')).showAnchor(issuer, list, options),
    );
  return group(
    'anchor',
    'Anchor revocation data; `pratique issuer anchor` does it for an issuer’s own lists.',
    [put, renew, show],
  );
}
