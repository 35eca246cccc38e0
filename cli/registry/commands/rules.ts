import type { Command } from 'commander';
import { digest, time, wholeNumber } from '../arguments.ts';
import { example, group, reading, type RegistryOptions, type WriteOptions, writing } from '../options.ts';

export interface EndRulesOptions extends WriteOptions {
  readonly ruleVersion?: number;
  readonly from: number;
}

export interface PublishRulesOptions extends EndRulesOptions {
  readonly digest?: string;
  readonly file?: string;
  readonly previous?: string;
  readonly uri: string;
}

const SET = [
  ['<jurisdiction>', 'such as US-NY'],
  ['<id>', 'of the rule set, such as VENUE-ENTRY'],
] as const;

export function rulesCommand(): Command {
  const publish = versioned(
    writing('publish', 'Publish a version of a rule set: its digest, and where it is (accreditor).'),
  )
    .option('--digest <hex>', 'SHA-256 of the rule set, 0x and 64 digits', digest)
    .option('--file <file>', 'the rule set or value set itself: it is checked, and its digest taken')
    .option('--previous <file>', 'the file that was published last: the new version has to be above its own')
    .option('--uri <url>', 'https URL where it may be found', '')
    .addHelpText(
      'after',
      `\nA rule set or value set (pratique-rule-set-1, pratique-value-set-1) says its name and its version itself: they have to be\nthose it is published under, and above the last. Of a file of another format the digest is taken, and nothing asked.\n` +
        example(
          'rules publish US-NY VENUE-ENTRY --file entry.json --uri https://health.example/entry.json --registry 0x…',
        ),
    )
    .action(async (jurisdiction: string, id: string, options: PublishRulesOptions) =>
      (await import('../rules.ts')).publishRules(jurisdiction, id, options),
    );
  const end = versioned(writing('end', 'End a rule set (accreditor).'))
    .addHelpText('after', example('rules end US-NY VENUE-ENTRY --registry 0x…'))
    .action(async (jurisdiction: string, id: string, options: EndRulesOptions) =>
      (await import('../rules.ts')).endRules(jurisdiction, id, options),
    );
  const show = reading('show', 'Show the last version of a rule set.')
    .argument(...SET[0])
    .argument(...SET[1])
    .addHelpText('after', example('rules show US-NY VENUE-ENTRY --registry 0x…'))
    .action(async (jurisdiction: string, id: string, options: RegistryOptions) =>
      (await import('../rules.ts')).showRules(jurisdiction, id, options),
    );
  return group('rules', 'Rule sets that a jurisdiction publishes, by their digest.', [publish, end, show]);
}

function versioned(command: Command): Command {
  return command
    .argument(...SET[0])
    .argument(...SET[1])
    .option(
      '--rule-version <n>',
      'strictly rising (default: that of the file, 1.2.3 being 10000200003; else one above the last)',
      wholeNumber,
    )
    .option('--from <time>', 'holds from then on: Unix seconds or a date', time, 0);
}
