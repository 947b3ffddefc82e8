import type { OpenUploads } from '../s3/s3-connection.ts';
import { UnsupportedAnswer } from './http-reader.ts';
import { decodeText } from './xml-text.ts';

type OpenUpload = OpenUploads['uploads'][number];

/**
 * The uploads of exactly `key` in a ListMultipartUploadsResult. Throws
 * {@link UnsupportedAnswer} for more than a page, and for whatever is not written as usual:
 * no upload may be overlooked.
 */
export function readOpenUploads(document: string, key: string): readonly OpenUpload[] {
  if (!/<IsTruncated>false<\/IsTruncated>/.test(document)) {
    throw new UnsupportedAnswer('uploads: pages');
  }
  const found: OpenUpload[] = [];
  const rest = document.replace(/<Upload>([^]*?)<\/Upload>/g, (_, inner: string) => {
    const uploadId = leafOf(inner, 'UploadId');
    const name = leafOf(inner, 'Key');
    if (uploadId === null || name === null) throw new UnsupportedAnswer('upload');
    // Longer keys may begin with ours.
    if (name !== key) return '';
    const time = Date.parse(leafOf(inner, 'Initiated') ?? '');
    const initiated = Number.isNaN(time) ? null : time;
    found.push({ uploadId, initiated, checksum: checksumOf(inner) });
    return '';
  });
  if (/<(?:\w+:)?Upload[\s/>]|<\w+:|<!/.test(rest))
    throw new UnsupportedAnswer('uploads');
  return found;
}

function checksumOf(upload: string): OpenUpload['checksum'] {
  const algorithm = leafOf(upload, 'ChecksumAlgorithm');
  if (algorithm === null || algorithm === '') return '';
  if (algorithm !== 'CRC32') return 'other';
  return leafOf(upload, 'ChecksumType') === 'FULL_OBJECT' ? 'crc32-whole' : 'crc32';
}

/** The text of an element; `null`: there is none. */
function leafOf(text: string, name: string): string | null {
  const raw = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  return raw === undefined ? null : decodeText(raw);
}
