/** Which voices can say our languages, the better ones first; another language is said by any voice of its own tag. */
const VOICES: Readonly<Record<string, readonly string[]>> = {
  'zh-Hant': ['zh-hant', 'zh-tw', 'zh-hk'],
  'zh-Hans': ['zh-hans', 'zh-cn', 'zh-sg'],
};

/**
 * A voice of this device that says that language; undefined if it has none. A remote voice would tell a company what is
 * said at the door, and is none.
 */
export function ownVoice(tag: string): SpeechSynthesisVoice | undefined {
  const voices = (speech()?.getVoices() ?? []).filter(({ localService }) => localService);
  for (const wanted of VOICES[tag] ?? [tag.toLowerCase()]) {
    const found = voices.find(({ lang }) => {
      // Android writes en_US.
      const own = lang.toLowerCase().replaceAll('_', '-');
      return own === wanted || own.startsWith(`${wanted}-`);
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Ask for the voices before they are needed: browsers begin to look for them only then. */
export function askForVoices(): void {
  speech()?.getVoices();
}

/** What speaks in this browser; some have nothing that does. */
export function speech(): SpeechSynthesis | undefined {
  return 'speechSynthesis' in globalThis ? globalThis.speechSynthesis : undefined;
}
