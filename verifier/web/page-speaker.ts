import { preferredTag, speakerOf } from './scanner-words.ts';
import type { Speaker } from './scanner-words.ts';
import type { Settings } from './settings.ts';

/**
 * Speak the language of the settings, else the browser's if the venue offers it too, else the venue's first; and have the
 * page say that it does.
 *
 * @param first the venue's, if it names any
 */
export function speakerFor({ language }: Pick<Settings, 'language'>, first: readonly string[] = []): Speaker {
  const wanted = language ?? preferredTag(navigator.languages);
  const isOffered = language !== undefined || first.length === 0 || first.includes(wanted);
  const speaker = speakerOf(isOffered ? wanted : first[0]);
  document.documentElement.lang = speaker.language.tag;
  document.documentElement.dir = speaker.language.direction;
  document.title = `Pratique ${speaker.say('title').text}`;
  return speaker;
}
