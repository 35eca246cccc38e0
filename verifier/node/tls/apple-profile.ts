import type { LocalCa } from './local-ca.ts';
import { html, Html } from './html.ts';

/**
 * A configuration profile that offers the CA's certificate to iPhone and iPad (Apple, Configuration Profile Reference,
 * payload com.apple.security.root). It is not signed: nobody whom the device trusts vouches for it yet.
 */
export function appleProfile({ der, fingerprint, name }: LocalCa['certificate']): string {
  const { markup } = html`<?xml version="1.0" encoding="UTF-8"?>
    <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
    <plist version="1.0">
      <dict>
        <key>PayloadContent</key>
        <array>
          <dict>
            <key>PayloadCertificateFileName</key><string>pratique-ca.crt</string> <key>PayloadContent</key
            ><data>${new Html(Buffer.from(der).toString('base64'))}</data> <key>PayloadDisplayName</key
            ><string>${name}</string> <key>PayloadIdentifier</key
            ><string>pratique.local-ca.${fingerprint}.root</string> <key>PayloadType</key
            ><string>com.apple.security.root</string> <key>PayloadUUID</key
            ><string>${uuidOf(fingerprint, 0)}</string> <key>PayloadVersion</key><integer>1</integer>
          </dict>
        </array>
        <key>PayloadDisplayName</key><string>${name}</string> <key>PayloadIdentifier</key
        ><string>pratique.local-ca.${fingerprint}</string> <key>PayloadRemovalDisallowed</key><false />
        <key>PayloadType</key><string>Configuration</string> <key>PayloadUUID</key
        ><string>${uuidOf(fingerprint, 32)}</string> <key>PayloadVersion</key><integer>1</integer>
      </dict>
    </plist> `;
  return markup;
}

/** A UUID from the fingerprint (RFC 9562 section 5.8): the same certificate replaces itself instead of standing twice. */
function uuidOf(fingerprint: string, from: number): string {
  const digits = fingerprint.slice(from, from + 32);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-8${digits.slice(13, 16)}-A${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}
