/** What is said about passes: on the first screen, when one is added, on its own screen, when it is shown. */
export interface PassWords {
  readonly passes: string;
  readonly add: string;
  readonly scan: string;
  readonly pass: string;
  readonly show: string;
  readonly acceptance: string;

  // How a pass stands: one word each, beside a colour and a symbol
  readonly stateGood: string;
  readonly stateNotYet: string;
  readonly stateExpired: string;
  readonly stateRevoked: string;
  readonly stateSuperseded: string;
  readonly stateRefused: string;
  readonly stateUnchecked: string;
  readonly stateApart: string;
  readonly stateSpecimen: string;

  // Facts
  readonly name: string;
  readonly nameless: string;
  readonly born: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly endless: string;
  readonly addedOn: string;
  readonly boundHere: string;
  readonly boundElsewhere: string;
  readonly record: string;
  readonly dose: string;
  readonly test: string;
  readonly resultDetected: string;
  readonly resultNotDetected: string;
  readonly resultOther: string;
  readonly vaccineCode: string;
  readonly testCode: string;
  readonly byPerformer: string;
  readonly unreadRecords: string;

  // The first screen
  readonly checking: string;
  readonly showCode: string;
  readonly details: string;
  readonly emptyTitle: string;
  readonly emptyMeaning: string;
  readonly emptyRetrieve: string;
  readonly emptyScan: string;
  readonly emptyAdd: string;
  readonly arrange: string;
  readonly arranged: string;
  readonly personName: string;
  readonly personUp: string;
  readonly personDown: string;
  readonly search: string;
  readonly found: string;
  readonly foundNone: string;
  readonly remindersTitle: string;
  readonly reminder: string;
  readonly reminderAgain: string;
  readonly reminderTest: string;
  readonly getAgain: string;
  readonly apartTitle: string;
  readonly apartMeaning: string;
  readonly apartCard: string;

  // How old what passes are judged by is
  readonly trustFrom: string;
  readonly trustOffline: string;
  readonly trustMissing: string;
  readonly dataInvalid: string;
  readonly trustAgeing: string;
  readonly dataStale: string;
  readonly dataUnanchored: string;
  readonly trustRefused: string;
  readonly refresh: string;
  readonly refreshed: string;
  readonly notReached: string;

  // Adding
  readonly addMeaning: string;
  readonly byCamera: string;
  readonly byFile: string;
  readonly textField: string;
  readonly takeText: string;
  readonly otherWays: string;
  readonly keptFor: string;
  readonly heldAlready: string;
  readonly keptApart: string;
  readonly notKept: string;
  readonly whatNow: string;
  readonly nowAskIssuer: string;
  readonly nowForged: string;
  readonly nowApart: string;
  readonly nowWait: string;
  readonly nowRescan: string;
  readonly nowOther: string;
  readonly nowConnect: string;
  readonly nowParts: string;
  readonly nowFull: string;
  readonly walletFull: string;
  readonly pictureEmpty: string;
  readonly isAnswer: string;
  readonly isSetup: string;
  readonly isAddress: string;
  readonly tryAgain: string;
  readonly addAnother: string;
  readonly toPasses: string;

  // The camera
  readonly hold: string;
  readonly oneCode: string;
  readonly unclear: string;
  readonly part: string;
  readonly switchCamera: string;
  readonly torch: string;
  readonly zoom: string;
  readonly cameraOpening: string;
  readonly cameraDenied: string;
  readonly cameraMissing: string;
  readonly cameraBusy: string;
  readonly cameraInsecure: string;
  readonly scanOtherWays: string;

  // One pass
  readonly newer: string;
  readonly toNewer: string;
  readonly moveUp: string;
  readonly moveDown: string;
  readonly movedTo: string;
  readonly remove: string;
  readonly removeTitle: string;
  readonly removeMeaning: string;
  readonly removed: string;
  readonly gone: string;
  readonly supportCode: string;

  // Showing
  readonly seenPass: string;
  readonly seenPlus: string;
  readonly chooseTitle: string;
  readonly chooseMeaning: string;
  readonly showPass: string;
  readonly showPlus: string;
  readonly plusInstead: string;
  readonly passInstead: string;
  readonly brighter: string;
  readonly alive: string;
  readonly staysAwake: string;
  readonly mayGoDark: string;
  readonly codeOf: string;
  readonly codeAbove: string;
  readonly codeMiddle: string;
  readonly warnTitle: string;
  readonly warnMeaning: string;
  readonly showAnyway: string;
  readonly showNewer: string;
  readonly uncheckedNote: string;
  readonly noCode: string;
  readonly tooLong: string;
  readonly venueCode: string;
  readonly time: string;

  // Whether it would be accepted
  readonly onDevice: string;
  readonly place: string;
  readonly when: string;
  readonly eventBegins: string;
  readonly eventMissing: string;
  readonly noPlaces: string;
  readonly wouldYes: string;
  readonly wouldNo: string;
  readonly wouldUnknown: string;
  readonly theRules: string;
  readonly noPromise: string;
}
