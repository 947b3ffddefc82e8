import { S3Error } from '../errors.ts';
import type { BucketTag } from '../store/settings.ts';
import { branch, child, childText, leaf, xmlDocument } from '../xml.ts';
import { type Call, type Reply, requireBucket } from './call.ts';
import { commitSetting, receiveDocument, requireBodyDigest } from './settings.ts';

const MAX_TAGS = 50;
const MAX_NAME = 128;
const MAX_VALUE = 256;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging.html */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** `GET /bucket?tagging` */
export function getBucketTagging(call: Call): Reply {
  const { settings, start } = requireBucket(call);
  if (settings.tags === undefined) {
    throw new S3Error('NoSuchTagSet', { details: { BucketName: start.name } });
  }
  const tags = settings.tags.map(({ name, value }) =>
    branch('Tag', leaf('Key', name), leaf('Value', value)),
  );
  return { status: 200, xml: xmlDocument('Tagging', branch('TagSet', ...tags)) };
}

/** `PUT /bucket?tagging`; an empty set removes it, as on AWS. */
export async function putBucketTagging(call: Call): Promise<Reply> {
  requireBodyDigest(call);
  const root = await receiveDocument(call, 'Tagging');
  const set = child(root, 'TagSet');
  if (!set) throw new S3Error('MalformedXML');
  const tags = set.children.map((node): BucketTag => {
    const name = childText(node, 'Key');
    const value = childText(node, 'Value');
    if (node.name !== 'Tag' || name === undefined || value === undefined) {
      throw new S3Error('MalformedXML');
    }
    return { name, value };
  });
  requireTags(tags);
  commitSetting(call, requireBucket(call), 'tags', tags.length > 0 ? tags : undefined);
  return { status: 204 };
}

/** `DELETE /bucket?tagging` */
export function deleteBucketTagging(call: Call): Reply {
  commitSetting(call, requireBucket(call), 'tags', undefined);
  return { status: 204 };
}

function requireTags(tags: readonly BucketTag[]): void {
  if (tags.length > MAX_TAGS) {
    throw new S3Error('BadRequest', {
      message: `Bucket tag count cannot be greater than ${MAX_TAGS}`,
    });
  }
  const names = new Set<string>();
  for (const { name, value } of tags) {
    if (name === '' || name.length > MAX_NAME || !ALLOWED.test(name)) {
      throw invalid('The TagKey you have provided is invalid', name);
    }
    if (value.length > MAX_VALUE || !ALLOWED.test(value)) {
      throw invalid('The TagValue you have provided is invalid', name);
    }
    if (/^aws:/i.test(name)) {
      throw invalid('System tags cannot be added/updated by requester', name);
    }
    if (names.has(name)) {
      throw invalid('Cannot provide multiple Tags with the same key', name);
    }
    names.add(name);
  }
}

function invalid(message: string, name: string): S3Error {
  return new S3Error('InvalidTag', { message, details: { TagKey: name } });
}
