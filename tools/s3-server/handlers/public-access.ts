import { S3Error } from '../errors.ts';
import type { PublicAccessBlock } from '../store/settings.ts';
import { childText, leaf, type XmlNode, xmlDocument } from '../xml.ts';
import { type Call, type Reply, requireBucket } from './call.ts';
import { commitSetting, receiveDocument } from './settings.ts';

const ROOT = 'PublicAccessBlockConfiguration';

const ELEMENTS: ReadonlySet<string> = new Set([
  'BlockPublicAcls',
  'IgnorePublicAcls',
  'BlockPublicPolicy',
  'RestrictPublicBuckets',
]);

/** `GET /bucket?publicAccessBlock` */
export function getPublicAccessBlock(call: Call): Reply {
  const { settings, start } = requireBucket(call);
  const block = settings.publicAccessBlock;
  if (block === undefined) {
    throw new S3Error('NoSuchPublicAccessBlockConfiguration', {
      details: { BucketName: start.name },
    });
  }
  return {
    status: 200,
    xml: xmlDocument(
      ROOT,
      leaf('BlockPublicAcls', block.blockPublicAcls),
      leaf('IgnorePublicAcls', block.ignorePublicAcls),
      leaf('BlockPublicPolicy', block.blockPublicPolicy),
      leaf('RestrictPublicBuckets', block.restrictPublicBuckets),
    ),
  };
}

/** `PUT /bucket?publicAccessBlock`: what is left out is off. */
export async function putPublicAccessBlock(call: Call): Promise<Reply> {
  const root = await receiveDocument(call, ROOT);
  if (!root.children.every(({ name }) => ELEMENTS.has(name))) {
    throw new S3Error('MalformedXML');
  }
  const block: PublicAccessBlock = {
    blockPublicAcls: flag(root, 'BlockPublicAcls'),
    ignorePublicAcls: flag(root, 'IgnorePublicAcls'),
    blockPublicPolicy: flag(root, 'BlockPublicPolicy'),
    restrictPublicBuckets: flag(root, 'RestrictPublicBuckets'),
  };
  commitSetting(call, requireBucket(call), 'publicAccessBlock', block);
  return { status: 200 };
}

function flag(root: XmlNode, name: string): boolean {
  const text = childText(root, name)?.trim().toLowerCase() ?? 'false';
  if (text === 'true' || text === 'false') return text === 'true';
  throw new S3Error('MalformedXML');
}

/** `DELETE /bucket?publicAccessBlock` */
export function deletePublicAccessBlock(call: Call): Reply {
  commitSetting(call, requireBucket(call), 'publicAccessBlock', undefined);
  return { status: 204 };
}
