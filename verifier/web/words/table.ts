import type { Outcome } from '../../pipeline/decision.ts';
import type { Language } from '../../pipeline/words/language.ts';

/** Everything that the scanner says besides what every edge says; `{name}` stands for a value. */
export interface ScannerWords {
  readonly title: string;
  readonly steps: string;
  readonly stepScan: string;
  readonly stepCompare: string;
  readonly stepAnswer: string;
  readonly scan: string;
  readonly scanNext: string;
  readonly nextCard: string;
  readonly cardOf: string;
  readonly stop: string;
  readonly noRules: string;
  readonly mode: string;
  readonly modeFixed: string;
  readonly modeConfirm: string;
  readonly change: string;
  readonly cancel: string;
  readonly close: string;
  readonly eventBegins: string;
  readonly hold: string;
  readonly oneCode: string;
  readonly part: string;
  readonly checking: string;
  readonly switchCamera: string;
  readonly torch: string;
  readonly zoom: string;
  readonly open: string;
  readonly otherWays: string;
  readonly cameraDenied: string;
  readonly cameraMissing: string;
  readonly cameraBusy: string;
  readonly cameraInsecure: string;
  readonly faulty: string;
  readonly specimen: string;
  readonly specimenMeaning: string;
  readonly compare: string;
  readonly born: string;
  readonly noBirthDate: string;
  readonly match: string;
  readonly differ: string;
  readonly differMeaning: string;
  readonly markSignature: string;
  readonly markStatus: string;
  readonly markRules: string;
  readonly whatToDo: string;
  readonly supportCode: string;
  readonly closesIn: string;
  readonly keepOpen: string;
  readonly again: string;
  readonly online: string;
  readonly offline: string;
  readonly connecting: string;
  readonly trustFrom: string;
  readonly block: string;
  readonly lists: string;
  readonly nothingHeld: string;
  readonly heldInvalid: string;
  readonly ageing: string;
  readonly stale: string;
  readonly unanchored: string;
  readonly refused: string;
  readonly clockOff: string;
  readonly settings: string;
  readonly language: string;
  readonly greenFor: string;
  readonly seconds: string;
  readonly twoStep: string;
  readonly sounds: string;
  readonly vibration: string;
  readonly bystanders: string;
  readonly shift: string;
  readonly shiftCount: string;
  readonly shiftFew: string;
  readonly endShift: string;
  readonly privacy: string;
  readonly stores: string;
  readonly sends: string;
  readonly refresh: string;
}

/** A language of the scanner: what it lacks is said in the one that it falls back on. */
export interface ScannerLanguage {
  /** BCP 47. */
  readonly tag: string;
  /** Its name for itself. */
  readonly name: string;
  readonly direction: 'ltr' | 'rtl';
  /** The language of the reasons, and of everything that it lacks. */
  readonly base: Language;
  /** The words of the four outcomes; without them those of the base. */
  readonly outcomes?: Readonly<Record<Outcome, string>>;
  readonly words: Partial<ScannerWords>;
}
