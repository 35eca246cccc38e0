// What `npm start` does, with colours although nobody but a picture sees them.

import { resolve } from 'node:path';
import { readConfig } from '../../../cli/config.ts';
import { runLoop } from '../../../cli/start/loop.ts';
import { terminalSteps } from '../../../cli/steps.ts';

const config = { ...readConfig(), color: true, language: 'en' } as const;
await runLoop(terminalSteps(true), { folder: resolve('.pratique', 'start'), keep: false, config });
