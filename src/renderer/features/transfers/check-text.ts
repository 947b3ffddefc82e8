const NAMES: Readonly<Record<string, string>> = {
  crc32: 'CRC32',
  crc32c: 'CRC32C',
  crc64nvme: 'CRC64NVME',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  md5: 'MD5',
  etag: 'ETag',
};

/** Which check a finished file passed, in words; empty: it had none. */
export function checkText(integrity: string): string {
  if (integrity === '') return '';
  if (integrity === 'size') return 'size checked';
  return `checked (${NAMES[integrity] ?? integrity})`;
}
