import type { Command } from 'commander';
import type { EndKeyOptions, KeyEnding } from '../end-key.ts';
import type { KeyOptions } from '../key.ts';
import type { IssuerOptions } from '../session.ts';
import { example, keyDays, onChain, onIssuer } from './options.ts';

/** One kid in 64 does. */
const HYPHEN = 'A kid that begins with a hyphen stands behind --, which may be there in any case.';

/** `pratique issuer key`: made, registered, ended. */
export function keyCommand(): Command {
  return onChain(onIssuer('key', 'Make a signing key, prove its possession and register it on the chain.'))
    .enablePositionalOptions()
    .option('--kid <kid>', 'register a key made before, instead of a new one')
    .option('--pkcs11 <module>', 'make the key on a token that this PKCS #11 library reaches, with --token')
    .option('--token <label>', 'label of the token')
    .option('--days <n>', 'how long the key may sign', keyDays, 366)
    .option('--instruction <file>', 'sign only, into this file, for anybody to send with `registry relay`')
    .addHelpText(
      'after',
      `${example('key --dir clinic --rpc http://127.0.0.1:8545 --registry 0x5FbD… --issuer-id 1 --account 2')}
  pratique issuer key --dir clinic --pkcs11 /usr/lib/softhsm/libsofthsm2.so --token clinic`,
    )
    .action(async (options: KeyOptions) => (await import('../key.ts')).runKey(options))
    .addCommand(
      endKeyCommand('retire', 'Retire a key: it signs no more, and its cards stay good.', 'retired'),
    )
    .addCommand(
      endKeyCommand(
        'compromise',
        'Report a key stolen: every card of it dies, for good. The chain first, then the key set.',
        'compromised',
      ),
    )
    .addCommand(destroyKeyCommand());
}

function endKeyCommand(name: string, description: string, ending: KeyEnding): Command {
  return onChain(onIssuer(name, description))
    .argument('<kid>', 'the key')
    .option('--out <dir>', 'folder for a web server, in which the key set is written anew', 'public')
    .addHelpText(
      'after',
      `${example(`key ${name} --dir clinic -- 3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s`)}\n${HYPHEN}`,
    )
    .action(async (kid: string, options: EndKeyOptions) =>
      (await import('../end-key.ts')).runEndKey(kid, ending, options),
    );
}

function destroyKeyCommand(): Command {
  return onIssuer('destroy', 'Throw away the private part of a key that has ended.')
    .argument('<kid>', 'the key')
    .addHelpText(
      'after',
      `${example('key destroy --dir clinic -- 3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s')}\n${HYPHEN}`,
    )
    .action(async (kid: string, options: IssuerOptions) =>
      (await import('../end-key.ts')).runDestroyKey(kid, options),
    );
}
