import { preferredTag, speakerOf } from './scanner-words.ts';
import type { Speaker } from './scanner-words.ts';
import type { Settings } from './settings.ts';

/** Speak the language of the settings, or the browser's, and have the page say that it does. */
export function speakerFor({ language }: Pick<Settings, 'language'>): Speaker {
  const speaker = speakerOf(language ?? preferredTag(navigator.languages));
  document.documentElement.lang = speaker.language.tag;
  document.documentElement.dir = speaker.language.direction;
  document.title = `Pratique ${speaker.say('title').text}`;
  return speaker;
}
