/** Why a text is no list of certificates. */
export type CertificateProblem = 'private-key' | 'none' | 'damaged';

/** Outcome of {@link readCertificates}. */
export type ReadCertificates =
  | {
      readonly ok: true;
      /** Only the certificates; empty for an empty text. */
      readonly pem: string;
    }
  | { readonly ok: false; readonly reason: CertificateProblem };

const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/**
 * The certificates of a PEM text, without the words that tools write around them. Looks at
 * the form only; whether a certificate is any good shows when it is used. A private key in
 * the text is refused: it is a secret, and a bookmark is no place for one.
 * https://www.rfc-editor.org/rfc/rfc7468#section-5
 */
export function readCertificates(text: string): ReadCertificates {
  if (text.trim() === '') return { ok: true, pem: '' };
  if (text.includes('PRIVATE KEY-----')) return { ok: false, reason: 'private-key' };
  const found: string[] = [];
  for (let begin = text.indexOf(BEGIN); begin !== -1; ) {
    const start = begin + BEGIN.length;
    const end = text.indexOf(END, start);
    const body = end === -1 ? '' : text.slice(start, end).replace(/\s+/g, '');
    if (!isCertificate(body)) return { ok: false, reason: 'damaged' };
    const lines = body.match(/.{1,64}/g) ?? [];
    found.push(`${BEGIN}\n${lines.join('\n')}\n${END}\n`);
    begin = text.indexOf(BEGIN, end);
  }
  return found.length === 0
    ? { ok: false, reason: 'none' }
    : { ok: true, pem: found.join('') };
}

/** Base64 of something that begins as a DER sequence of more than 127 bytes does. */
function isCertificate(body: string): boolean {
  return body.length % 4 === 0 && /^MI[A-Za-z0-9+/]{100,}={0,2}$/.test(body);
}
