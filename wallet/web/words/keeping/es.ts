import type { KeepingWords } from './table.ts';

/** Español. */
export const keepingSpanish: KeepingWords = {
  // The frame
  more: 'Más',
  menu: 'Menú',
  navPasses: 'Pases',
  navScan: 'Escanear',
  navAdd: 'Añadir',
  changedElsewhere: 'Esta billetera se cambió en otra ventana. Ábrala de nuevo para continuar.',
  lockedIdle: 'La billetera se bloqueó porque nadie la usó durante un rato.',
  working: 'Un momento…',

  // The first time
  welcome: 'Sus pases, en este dispositivo',
  welcomeWhat: 'Esta billetera guarda sus pases de salud y los muestra cuando usted quiere.',
  welcomeWhere: 'Todo queda en este dispositivo, cifrado. No hay cuenta y nadie sigue lo que usted hace.',
  welcomeLost: 'Solo su PIN la abre y nadie puede restablecerlo. Guarde una copia de seguridad.',
  restoreBackup: 'Restaurar una copia',
  choosePin: 'Elija un PIN',
  pinHint: 'Al menos 6 cifras o letras. Una frase más larga protege también de quien copie este dispositivo.',
  pinAgain: 'Lo mismo otra vez',
  notSame: 'Los dos no son iguales.',
  showTyped: 'Mostrar lo que escribo',
  withLetters: 'Teclado con letras',

  // Opening
  openTitle: 'Abra su billetera',
  waitFor: 'Vuelva a intentarlo en {time}.',
  usePasskey: 'Abrir con una clave de acceso',
  forgot: 'Olvidé mi PIN',
  whatToDo: '¿Qué puedo hacer?',
  forgotWhat:
    'Nadie puede decirle su PIN ni poner otro: ningún servidor lo conoce. Puede intentarlo las veces que quiera; la espera crece hasta una hora.',
  forgotPasskey: 'Abra la billetera con su clave de acceso, haga una copia y restáurela con un PIN nuevo.',
  forgotBackup:
    'Si tiene un archivo de copia y su frase, restáurelo con un PIN nuevo. Sustituye a la billetera que hay aquí.',
  forgotErase: 'Sin copia, borre esta billetera y pida otra vez sus pases a quien los emitió.',
  loadAgain: 'Cargar la página de nuevo',

  // Backup
  backupWhat:
    'Un archivo cifrado con todos los pases, sus nombres y la clave de esta billetera. Guárdelo fuera de este dispositivo.',
  filePassphrase: 'Frase de la copia',
  filePassphraseHint: 'Al menos 12 caracteres. Anótela: sin ella nadie puede abrir el archivo.',
  backupWrite: 'Hacer una copia',
  backupDone: 'La copia se guardó en sus descargas: {file}',
  backupFile: 'Archivo de copia',
  backupNone: 'Elija primero el archivo de copia.',
  restoreWhat: 'Elija el archivo, escriba su frase y elija un PIN para este dispositivo.',
  restoreInto: 'Restaurar en esta billetera',
  restoreIntoWhat:
    'Recupera lo que tiene una copia de esta misma billetera. Una más antigua que lo que hay aquí se rechaza. Su PIN no cambia.',
  restored: 'La copia se restauró.',
  restoreReplaces: 'La billetera que hay en este dispositivo será sustituida, con todos sus pases.',
  typeWord: 'Escriba {word} para continuar',
  replaceWord: 'SUSTITUIR',

  // Settings
  language: 'Idioma',
  theme: 'Apariencia',
  themeSystem: 'Como en el dispositivo',
  themeLight: 'Claro',
  themeDark: 'Oscuro',
  lockAfter: 'Bloquear sola después de',
  changePin: 'Cambiar el PIN',
  pinNow: 'PIN o frase actual',
  pinNew: 'PIN o frase nueva',
  pinChanged: 'El PIN se cambió. Hay que añadir otra vez la clave de acceso.',
  passkey: 'Clave de acceso',
  passkeyWhat:
    'Una clave de acceso abre esta billetera con huella, cara o bloqueo de pantalla, además del PIN. Funciona en dispositivos que derivan secretos (WebAuthn PRF).',
  passkeyThere: 'Una clave de acceso abre esta billetera.',
  passkeyNot: 'Este navegador no tiene claves de acceso.',
  passkeyAdd: 'Añadir una clave de acceso',
  passkeyRemove: 'Quitar la clave de acceso',
  passkeyAdded: 'La clave de acceso se añadió.',
  passkeyRemoved: 'La clave de acceso se quitó.',
  trustData: 'Con qué se juzgan los pases',
  trustNone: 'Nada todavía: conéctese una vez para conocer emisores y revocaciones.',
  trustInvalid: 'Lo guardado no es válido. Conéctese para obtenerlo de nuevo.',
  trustAge: 'Obtenido hace {time}',
  trustBlock: 'Bloque {block} de la cadena del registro',
  trustStale: 'Demasiado antiguo: los pases no se pueden comprobar hasta que el dispositivo se conecte.',
  trustUnanchored: 'No está ligado a ninguna cadena: solo para demostraciones.',
  trustFault: 'El último intento de actualizar no funcionó ({code}).',
  trustRefresh: 'Actualizar',
  trustFresh: 'Es lo más nuevo que hay.',
  clockOff: 'El reloj de este dispositivo está mal. Corríjalo o los pases no se podrán comprobar.',
  privacy: 'Qué se guarda y qué se envía',
  stores:
    'En este dispositivo, cifrado con su PIN: sus pases, los nombres que puso, qué mostró a quién y la clave de esta billetera. Sin cifrar: el idioma y las demás opciones de esta página.',
  sends:
    'Nada, salvo a un emisor o lugar que usted elija, y usted ve qué antes de enviarlo. Las listas de emisores y revocaciones se descargan enteras, para que nadie sepa qué pase es suyo.',
  holderDid: 'Nombre de esta billetera (DID)',
  holderDidWhat:
    'Los emisores ligan los pases a él. No dice nada de usted, pero quien lo vea dos veces sabe que es la misma billetera.',
  copy: 'Copiar',
  copied: 'Copiado.',
  version: 'Versión',
  erase: 'Borrar esta billetera',
  eraseWhat:
    'Todos los pases, nombres y la clave de esta billetera desaparecen de este dispositivo, al momento y para siempre. Solo una copia los recupera.',
  eraseWord: 'BORRAR',
  erased: 'La billetera se borró.',

  // What can fail
  what_VAULT_MISSING: 'Aquí ya no hay ninguna billetera.',
  now_VAULT_MISSING: 'Se borró, quizá en otra ventana. Haga una nueva o restaure una copia.',
  what_VAULT_EXISTS: 'Aquí ya hay otra billetera.',
  now_VAULT_EXISTS:
    'Una copia de una billetera no se puede poner en otra. Borre esta primero si ya no la necesita.',
  what_VAULT_LOCKED: 'La billetera está bloqueada.',
  now_VAULT_LOCKED: 'Se bloqueó entretanto. Ábrala e inténtelo de nuevo.',
  what_VAULT_DAMAGED: 'Lo guardado aquí está dañado.',
  now_VAULT_DAMAGED:
    'Una parte se cambió, se perdió o se repuso de antes. Se dejó como está. Restaure una copia; sin ella, borre esta billetera y pida otra vez sus pases.',
  what_VAULT_VERSION_UNKNOWN: 'Una versión más nueva de esta página hizo esta billetera.',
  now_VAULT_VERSION_UNKNOWN: 'No se perdió nada. Conéctese a la red y cargue la página de nuevo.',
  what_VAULT_CHANGED_ELSEWHERE: 'La billetera se cambió en otra ventana.',
  now_VAULT_CHANGED_ELSEWHERE:
    'No se perdió nada y este cambio no se hizo. Abra la billetera otra vez y repítalo.',
  what_STORE_UNAVAILABLE: 'Este navegador no guarda nada.',
  now_STORE_UNAVAILABLE:
    'El dispositivo está lleno o es una ventana privada. Haga sitio o use una ventana normal y cargue la página de nuevo.',
  what_PIN_WRONG: 'Ese no es el PIN de esta billetera.',
  now_PIN_WRONG: 'Compruebe las mayúsculas y el idioma del teclado.',
  what_PIN_DELAYED: 'Hubo demasiados PIN erróneos.',
  now_PIN_DELAYED: 'Para que nadie lo adivine, el siguiente intento debe esperar.',
  what_PIN_TOO_SHORT: 'Es demasiado corto.',
  now_PIN_TOO_SHORT: 'Elija al menos 6 cifras o letras.',
  what_PIN_TOO_SIMPLE: 'Es demasiado fácil de adivinar.',
  now_PIN_TOO_SIMPLE: 'La misma cifra seis veces o 123456 es lo primero que otros prueban. Elija otro.',
  what_PASSKEY_UNAVAILABLE: 'Ninguna clave de acceso sirvió.',
  now_PASSKEY_UNAVAILABLE:
    'Usted lo rechazó o este dispositivo no tiene ninguna que derive secretos. Use su PIN.',
  what_PASSKEY_WRONG: 'Esa clave de acceso no es la de esta billetera.',
  now_PASSKEY_WRONG: 'Elija la que se añadió a ella o use su PIN.',
  what_PASSPHRASE_TOO_SHORT: 'Esa frase es demasiado corta.',
  now_PASSPHRASE_TOO_SHORT: 'Quien tenga el archivo puede probar durante años: elija al menos 12 caracteres.',
  what_BACKUP_UNKNOWN: 'Ese archivo no es una copia de esta billetera.',
  now_BACKUP_UNKNOWN: 'Elija el archivo hecho con «Hacer una copia».',
  what_BACKUP_VERSION_UNKNOWN: 'Una versión más nueva de esta página hizo esa copia.',
  now_BACKUP_VERSION_UNKNOWN: 'Conéctese a la red, cargue la página de nuevo y restáurela entonces.',
  what_BACKUP_DAMAGED: 'Esa copia está dañada.',
  now_BACKUP_DAMAGED: 'Se cortó o cambió por el camino. Vuelva a traerla de donde la guardó o use otra.',
  what_BACKUP_NOT_OPENED: 'Esa frase no abre la copia.',
  now_BACKUP_NOT_OPENED: 'Es la frase del archivo, no el PIN. Compruebe las mayúsculas y el teclado.',
  what_BACKUP_ROLLED_BACK: 'Esa copia es más antigua que esta billetera.',
  now_BACKUP_ROLLED_BACK: 'Desharía lo que vino después, así que no se cambió nada. Use una copia más nueva.',
  what_UNKNOWN: 'Eso no funcionó.',
  now_UNKNOWN: 'No se sabe por qué. Inténtelo de nuevo; si sigue, cargue la página otra vez.',
};
