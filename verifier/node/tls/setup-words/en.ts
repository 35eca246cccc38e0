import type { SetupWords } from './table.ts';

/** English. */
export const english: SetupWords = {
  title: 'Set up a device for scanning',
  purpose:
    'The scanner runs on a computer of this venue, and the browser of a phone or a tablet lets a page use the camera only over a connection that it trusts. Once this certificate is installed, the device trusts the connection to this computer.',
  certificateName: 'Certificate',
  validUntil: 'Valid until {until}. After that day it is replaced, and each device has to be set up again.',
  meaning: {
    title: 'What it means to install this certificate',
    points: [
      'The device will believe that whoever holds the key of this certificate is this computer. The key never leaves the computer.',
      'The certificate is limited: it vouches for the names and addresses of this computer and for addresses of private networks, and for no other website.',
      'Install it only on devices of the venue that scan passes. Guests need nothing of this.',
      'Until it is installed, the browser warns about this page. Nowhere else should you pass such a warning.',
    ],
  },
  check: {
    title: '1. Check that it is the right certificate',
    why: 'Open {local} on the computer itself and compare. If one character differs, stop and tell whoever runs the verifier.',
    fingerprint: 'SHA-256 fingerprint',
    code: 'QR code of this page and the fingerprint: scan it with the next device.',
  },
  download: {
    title: '2. Download',
    apple: 'Profile for iPhone and iPad',
    others: 'Certificate for Android, Chromebook and Windows',
    text: 'Certificate as text (PEM)',
  },
  install: {
    title: '3. Install',
    devices: {
      apple: {
        name: 'iPhone and iPad',
        install: [
          'Open this page in Safari, tap “Profile for iPhone and iPad” above, and allow the download.',
          'Open Settings, tap Profile Downloaded near the top, then Install, and enter the passcode.',
          'In Settings, open General › About › Certificate Trust Settings, and switch on “{name}”.',
          'Open {origin} in Safari.',
        ],
        remove: 'Settings › General › VPN & Device Management › “{name}” › Remove Profile.',
      },
      android: {
        name: 'Android',
        install: [
          'Tap “Certificate for Android, Chromebook and Windows” above. If Android says that it must be installed in Settings, that is as it should be.',
          'Open Settings and search for “CA certificate”. It is under Security & privacy › More security settings › Encryption & credentials › Install a certificate.',
          'Tap CA certificate, Install anyway, unlock the screen, and choose pratique-ca.crt in Downloads.',
          'Open {origin} in Chrome.',
        ],
        remove:
          'Settings › Security & privacy › More security settings › Encryption & credentials › Trusted credentials › User › “{name}” › Remove.',
      },
      chromebook: {
        name: 'Chromebook',
        install: [
          'Click “Certificate for Android, Chromebook and Windows” above.',
          'Open chrome://certificate-manager in Chrome, or Settings › Privacy and security › Security › Manage certificates › Authorities.',
          'Click Import, choose pratique-ca.crt, and tick “Trust this certificate for identifying websites”.',
          'Open {origin}.',
        ],
        remove: 'The same page of Chrome › “{name}” › Delete.',
      },
      windows: {
        name: 'Windows',
        install: [
          'Click “Certificate for Android, Chromebook and Windows” above, open the file and click Install Certificate.',
          'Choose Current User, then “Place all certificates in the following store” › Browse › Trusted Root Certification Authorities.',
          'Click Finish and answer Yes.',
          'Open {origin} in Edge or Chrome.',
        ],
        remove:
          'Start certmgr.msc › Trusted Root Certification Authorities › Certificates › “{name}” › Delete.',
      },
    },
  },
  remove: {
    title: 'How to remove it',
    why: 'Remove it when a device leaves the venue, is sold or lent, and when the venue stops scanning.',
  },
};
