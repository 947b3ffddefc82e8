import { lowerBound, type NullStore } from './store.ts';

/** Most entries of a page, as S3 has it. */
const MAX_KEYS = 1_000;

/** ListObjects and ListObjectsV2. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjects(
  store: NullStore,
  bucket: string,
  query: URLSearchParams,
): string {
  const second = query.get('list-type') === '2';
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const encoded = query.get('encoding-type') === 'url';
  const text = encoded ? urlText : xmlText;
  const limit = Math.min(MAX_KEYS, Number(query.get('max-keys') ?? MAX_KEYS));
  const after = second
    ? (query.get('continuation-token') ?? query.get('start-after') ?? '')
    : (query.get('marker') ?? '');
  const keys = store.keys(bucket);
  let at = lowerBound(keys, after > prefix ? after : prefix);
  if (after !== '' && keys[at] === after) at += 1;
  const contents: string[] = [];
  const prefixes: string[] = [];
  let last = '';
  let more = false;
  for (; at < keys.length; at++) {
    const key = keys[at] ?? '';
    if (!key.startsWith(prefix)) break;
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const folder = end === -1 ? null : key.slice(0, end + delimiter.length);
    // The last page ended with this folder: the rest of it is no news.
    if (folder !== null && (folder === last || folder === after)) continue;
    if (contents.length + prefixes.length >= limit) {
      more = true;
      break;
    }
    last = folder ?? key;
    if (folder === null) contents.push(entry(store, bucket, key, text));
    else
      prefixes.push(`<CommonPrefixes><Prefix>${text(folder)}</Prefix></CommonPrefixes>`);
  }
  const count = contents.length + prefixes.length;
  const next = second
    ? `<NextContinuationToken>${xmlText(last)}</NextContinuationToken>`
    : `<NextMarker>${text(last)}</NextMarker>`;
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
    `<Name>${bucket}</Name><Prefix>${text(prefix)}</Prefix>` +
    (delimiter === '' ? '' : `<Delimiter>${text(delimiter)}</Delimiter>`) +
    (second ? `<KeyCount>${count}</KeyCount>` : `<Marker>${text(after)}</Marker>`) +
    (encoded ? '<EncodingType>url</EncodingType>' : '') +
    `<MaxKeys>${limit}</MaxKeys><IsTruncated>${more}</IsTruncated>` +
    (more ? next : '') +
    `${contents.join('')}${prefixes.join('')}</ListBucketResult>`
  );
}

function entry(
  store: NullStore,
  bucket: string,
  key: string,
  text: (value: string) => string,
): string {
  const object = store.get(bucket, key);
  return (
    `<Contents><Key>${text(key)}</Key>` +
    `<LastModified>${new Date(object?.modified ?? 0).toISOString()}</LastModified>` +
    `<ETag>&quot;${object?.etag ?? ''}&quot;</ETag><Size>${object?.size ?? 0}</Size>` +
    '<StorageClass>STANDARD</StorageClass></Contents>'
  );
}

/** Text for XML. Carriage returns and other controls are written as references. */
export function xmlText(text: string): string {
  if (!/[&<>\r\n\t]/.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\r\n\t]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function urlText(text: string): string {
  return /^[\w./~-]*$/.test(text)
    ? text
    : encodeURIComponent(text).replaceAll('%2F', '/');
}
