import { S3Error } from '../errors.ts';
import type { Bucket } from '../store/model.ts';
import type { BucketSettings } from '../store/settings.ts';
import { readXml, type XmlNode } from '../xml.ts';
import type { Call } from './call.ts';

const MAX_DOCUMENT_BYTES = 64 * 1024;

/** Changes one setting of a bucket; undefined removes it. */
export function commitSetting<Name extends keyof BucketSettings>(
  call: Call,
  bucket: Bucket,
  name: Name,
  value: BucketSettings[Name] | undefined,
): void {
  const { [name]: _before, ...others } = bucket.settings;
  const settings = value === undefined ? others : { ...others, [name]: value };
  call.store.commit({ op: 'bucketSettings', bucket: bucket.start.name, settings });
}

/**
 * Receives a sub-resource's document.
 *
 * @throws S3Error `MalformedXML` beyond 64 KB, or for another root element
 */
export async function receiveDocument(call: Call, root: string): Promise<XmlNode> {
  const node = readXml(await call.body.text(MAX_DOCUMENT_BYTES));
  if (node.name !== root) throw new S3Error('MalformedXML');
  return node;
}

/**
 * Checks that a body's integrity is protected, where AWS insists on it.
 *
 * @throws S3Error `InvalidRequest`
 */
export function requireBodyDigest(call: Call): void {
  if (call.headers['content-md5'] !== undefined || call.body.declaredAlgorithm()) return;
  throw new S3Error('InvalidRequest', {
    message: 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
  });
}
