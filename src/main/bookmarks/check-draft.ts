import { X509Certificate } from 'node:crypto';
import type { ConnectionDraft } from '../../shared/domain/bookmark.ts';
import { readCertificates } from '../../shared/domain/certificate.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/**
 * What a schema cannot say about a connection, wherever it comes from. Throws
 * `input.endpoint` unless the endpoint is an http(s) address: a user name or a password in
 * it would end up in bookmarks.json in the clear. Throws `input.invalid` for a certificate
 * that is none, or a private key in its place.
 */
export function checkDraft(draft: ConnectionDraft): void {
  const url = URL.canParse(draft.endpoint) ? new URL(draft.endpoint) : null;
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === null || !isHttp || url.username !== '' || url.password !== '') {
    throw new AppError('input.endpoint');
  }
  checkCertificates(draft.advanced.caCertificate);
}

function checkCertificates(text: string): void {
  const read = readCertificates(text);
  try {
    if (!read.ok) throw new Error(read.reason);
    for (const pem of read.pem.split(/(?<=-----END CERTIFICATE-----\n)/)) parse(pem);
  } catch {
    // Without the cause: what was pasted may be a key.
    throw new AppError('input.invalid', { params: { field: 'the certificate' } });
  }
}

/** Throws unless it is a certificate; nothing at all is fine. */
function parse(pem: string): X509Certificate | null {
  return pem === '' ? null : new X509Certificate(pem);
}
