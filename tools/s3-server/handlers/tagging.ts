import { S3Error } from '../errors.ts';
import { changedObject } from '../store/model.ts';
import { branch, child, childText, leaf, readXml, xmlDocument } from '../xml.ts';
import {
  type Call,
  type Reply,
  requireBucket,
  requireKey,
  requireObject,
} from './call.ts';

const MAX_DOCUMENT_BYTES = 64 * 1024;
const MAX_TAGS = 10;
const MAX_NAME = 128;
const MAX_VALUE = 256;

interface Tag {
  readonly name: string;
  readonly value: string;
}

/**
 * Reads `x-amz-tagging` and spells it as objects keep it; `undefined`: no tags.
 *
 * @throws S3Error `InvalidTag`, `InvalidArgument` or `BadRequest`
 */
export function readTagging(header: string | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  const tags = header.split('&').map((pair): Tag => {
    const at = pair.indexOf('=');
    const name = at < 0 ? pair : pair.slice(0, at);
    return { name: decode(name), value: at < 0 ? '' : decode(pair.slice(at + 1)) };
  });
  return spell(tags);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new S3Error('InvalidArgument', {
      message:
        "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      details: { ArgumentName: 'x-amz-tagging', ArgumentValue: text },
    });
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
function spell(tags: readonly Tag[]): string | undefined {
  if (tags.length > MAX_TAGS) {
    throw new S3Error('BadRequest', {
      message: 'Object tags cannot be greater than 10',
    });
  }
  const names = new Set<string>();
  for (const { name, value } of tags) {
    if (name === '' || name.length > MAX_NAME) {
      throw new S3Error('InvalidTag', {
        message: 'The TagKey you have provided is invalid',
      });
    }
    if (value.length > MAX_VALUE) {
      throw new S3Error('InvalidTag', {
        message: 'The TagValue you have provided is invalid',
      });
    }
    if (names.has(name)) {
      throw new S3Error('InvalidTag', {
        message: 'Cannot provide multiple Tags with the same key',
      });
    }
    names.add(name);
  }
  if (tags.length === 0) return undefined;
  return tags
    .map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

/** `GET /bucket/key?tagging` */
export function getObjectTagging(call: Call): Reply {
  const object = requireObject(call, requireBucket(call), requireKey(call));
  const tags = (object.tagging ?? '')
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return branch(
        'Tag',
        leaf('Key', decodeURIComponent(pair.slice(0, at))),
        leaf('Value', decodeURIComponent(pair.slice(at + 1))),
      );
    });
  return { status: 200, xml: xmlDocument('Tagging', branch('TagSet', ...tags)) };
}

/** `PUT /bucket/key?tagging` */
export async function putObjectTagging(call: Call): Promise<Reply> {
  const root = readXml(await call.body.text(MAX_DOCUMENT_BYTES));
  const set = child(root, 'TagSet');
  if (root.name !== 'Tagging' || set === undefined) throw new S3Error('MalformedXML');
  const tags = set.children.map((node): Tag => {
    const name = childText(node, 'Key');
    const value = childText(node, 'Value');
    if (node.name !== 'Tag' || name === undefined || value === undefined) {
      throw new S3Error('MalformedXML');
    }
    return { name, value };
  });
  retag(call, spell(tags));
  return { status: 200 };
}

/** `DELETE /bucket/key?tagging` */
export function deleteObjectTagging(call: Call): Reply {
  retag(call, undefined);
  return { status: 204 };
}

/** Tags are no part of an object's version: its time stays. */
function retag(call: Call, tagging: string | undefined): void {
  const bucket = requireBucket(call);
  const object = requireObject(call, bucket, requireKey(call));
  const { tagging: _before, ...rest } = changedObject(object);
  call.store.commit({
    op: 'put',
    bucket: bucket.start.name,
    object: { ...rest, ...(tagging === undefined ? {} : { tagging }) },
  });
}
