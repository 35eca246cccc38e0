import type { SetupWords } from './table.ts';

/** Español. */
export const spanish: SetupWords = {
  title: 'Preparar un dispositivo para escanear',
  purpose:
    'El escáner funciona en una computadora de este local, y el navegador de un teléfono o de una tableta solo deja que una página use la cámara si confía en la conexión. Una vez instalado este certificado, el dispositivo confía en la conexión con esta computadora.',
  certificateName: 'Certificado',
  validUntil:
    'Válido hasta el {until}. Después de ese día se sustituye y hay que preparar otra vez cada dispositivo.',
  meaning: {
    title: 'Qué significa instalar este certificado',
    points: [
      'El dispositivo creerá que quien tiene la clave de este certificado es esta computadora. La clave nunca sale de ella.',
      'El certificado está limitado: responde por los nombres y direcciones de esta computadora y por direcciones de redes privadas, y por ningún otro sitio web.',
      'Instálelo solo en los dispositivos del local que escanean pases. Los visitantes no necesitan nada de esto.',
      'Mientras no esté instalado, el navegador muestra una advertencia en esta página. En ningún otro sitio debe usted pasar por alto una advertencia así.',
    ],
  },
  check: {
    title: '1. Compruebe que es el certificado correcto',
    why: 'Abra {local} en la propia computadora y compare. Si un solo carácter es distinto, deténgase y avise a quien administra el verificador.',
    fingerprint: 'Huella digital SHA-256',
    code: 'Código QR de esta página y de la huella digital: escanéelo con el siguiente dispositivo.',
  },
  download: {
    title: '2. Descargue',
    apple: 'Perfil para iPhone y iPad',
    others: 'Certificado para Android, Chromebook y Windows',
    text: 'Certificado como texto (PEM)',
  },
  install: {
    title: '3. Instale',
    devices: {
      apple: {
        name: 'iPhone y iPad',
        install: [
          'Abra esta página en Safari, toque «Perfil para iPhone y iPad» más arriba y permita la descarga.',
          'Abra Configuración (o Ajustes), toque Perfil descargado, después Instalar, e introduzca el código.',
          'En Configuración, abra General › Información › Configuración de confianza de los certificados y active «{name}».',
          'Abra {origin} en Safari.',
        ],
        remove:
          'Configuración (o Ajustes) › General › VPN y gestión de dispositivos › «{name}» › Eliminar perfil.',
      },
      android: {
        name: 'Android',
        install: [
          'Toque «Certificado para Android, Chromebook y Windows» más arriba. Si Android dice que debe instalarse en Ajustes, es lo normal.',
          'Abra Ajustes (o Configuración) y busque «Certificado de CA». Está en Seguridad y privacidad › Más ajustes de seguridad › Cifrado y credenciales › Instalar un certificado.',
          'Toque Certificado de CA, Instalar de todos modos, desbloquee la pantalla y elija pratique-ca.crt en Descargas.',
          'Abra {origin} en Chrome.',
        ],
        remove:
          'Ajustes (o Configuración) › Seguridad y privacidad › Más ajustes de seguridad › Cifrado y credenciales › Credenciales de confianza › Usuario › «{name}» › Quitar.',
      },
      chromebook: {
        name: 'Chromebook',
        install: [
          'Haga clic en «Certificado para Android, Chromebook y Windows» más arriba.',
          'Abra chrome://certificate-manager en Chrome, o Configuración › Privacidad y seguridad › Seguridad › Gestionar certificados › Autoridades.',
          'Haga clic en Importar, elija pratique-ca.crt y marque «Confiar en este certificado para identificar sitios web».',
          'Abra {origin}.',
        ],
        remove: 'En la misma página de Chrome › «{name}» › Eliminar.',
      },
      windows: {
        name: 'Windows',
        install: [
          'Haga clic en «Certificado para Android, Chromebook y Windows» más arriba, abra el archivo y haga clic en Instalar certificado.',
          'Elija Usuario actual, después «Colocar todos los certificados en el siguiente almacén» › Examinar › Entidades de certificación raíz de confianza.',
          'Haga clic en Finalizar y responda Sí.',
          'Abra {origin} en Edge o Chrome.',
        ],
        remove:
          'Ejecute certmgr.msc › Entidades de certificación raíz de confianza › Certificados › «{name}» › Eliminar.',
      },
    },
  },
  remove: {
    title: 'Cómo quitarlo',
    why: 'Quítelo cuando un dispositivo deje el local, se venda o se preste, y cuando el local deje de escanear.',
  },
};
