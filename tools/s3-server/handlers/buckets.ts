import { S3Error } from '../errors.ts';
import { BUCKET_ACLS } from '../store/acl.ts';
import { accountOf } from '../users.ts';
import { branch, childText, leaf, readXml, xmlDocument } from '../xml.ts';
import { readAccess } from './acl.ts';
import { bucketName, type Call, isoTime, type Reply, requireBucket } from './call.ts';
import { owner } from './owner.ts';
import { readOwnership, requireOwnershipOf } from './ownership.ts';

const REGION = /^[a-z]{2}(?:-[a-z]+)+-\d$/;
const MAX_DOCUMENT_BYTES = 64 * 1024;

/** `GET /` */
export function listBuckets(call: Call): Reply {
  const account = call.user ? accountOf(call.user) : '';
  const buckets = call.store
    .buckets()
    .filter(({ start }) => start.account === account)
    .map(({ start }) =>
      branch(
        'Bucket',
        leaf('Name', start.name),
        leaf('CreationDate', isoTime(start.created)),
      ),
    );
  return {
    status: 200,
    xml: xmlDocument(
      'ListAllMyBucketsResult',
      owner('Owner', account),
      branch('Buckets', ...buckets),
    ),
  };
}

/** `PUT /bucket` */
export async function createBucket(call: Call): Promise<Reply> {
  const name = bucketName(call);
  requireBucketName(name);
  const access = readAccess(call, BUCKET_ACLS);
  const ownership = readOwnership(call.headers['x-amz-object-ownership']);
  const text = await call.body.text(MAX_DOCUMENT_BYTES);
  const region = readRegion(text, call.region);
  const existing = call.store.bucket(name);
  const account = call.user ? accountOf(call.user) : '';
  if (existing) {
    throw new S3Error(
      existing.start.account === account
        ? 'BucketAlreadyOwnedByYou'
        : 'BucketAlreadyExists',
      { details: { BucketName: name } },
    );
  }
  const start = { name, region, account, created: call.now };
  requireOwnershipOf(ownership, access, account);
  call.store.commit({ op: 'createBucket', bucket: start });
  if (ownership !== undefined) {
    call.store.commit({ op: 'bucketSettings', bucket: name, settings: { ownership } });
  }
  if (Object.keys(access).length > 0) {
    call.store.commit({ op: 'bucketAccess', bucket: name, access });
  }
  return { status: 200, headers: { location: `/${name}` } };
}

function readRegion(text: string, serverRegion: string): string {
  if (text === '') {
    if (serverRegion === 'us-east-1') return serverRegion;
    throw new S3Error('IllegalLocationConstraintException');
  }
  const root = readXml(text);
  if (root.name !== 'CreateBucketConfiguration') throw new S3Error('MalformedXML');
  const constraint = childText(root, 'LocationConstraint');
  if (constraint === undefined) {
    if (serverRegion === 'us-east-1') return serverRegion;
    throw new S3Error('IllegalLocationConstraintException');
  }
  const region = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (!REGION.test(region) || region === 'us-east-1') {
    throw new S3Error('InvalidLocationConstraint', {
      details: { LocationConstraint: constraint },
    });
  }
  // Only the endpoint of us-east-1 makes buckets for every region.
  if (serverRegion !== 'us-east-1' && region !== serverRegion) {
    throw new S3Error('IllegalLocationConstraintException', {
      message: `The ${region} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    });
  }
  return region;
}

/**
 * Checks a bucket's name against the rules for general purpose buckets.
 *
 * @throws S3Error `InvalidBucketName`
 */
export function requireBucketName(name: string): void {
  const valid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !/^(?:xn--|sthree-)/.test(name) &&
    !/(?:-s3alias|--ol-s3|\.mrap|--x-s3)$/.test(name);
  if (!valid) throw new S3Error('InvalidBucketName', { details: { BucketName: name } });
}

/** `HEAD /bucket` */
export function headBucket(call: Call): Reply {
  const bucket = requireBucket(call);
  return {
    status: 200,
    headers: {
      'x-amz-bucket-region': bucket.start.region,
      'content-type': 'application/xml',
    },
  };
}

/** `DELETE /bucket` */
export function deleteBucket(call: Call): Reply {
  const bucket = requireBucket(call);
  // Uploads in progress do not keep a bucket alive on AWS.
  if (bucket.objects.size > 0) {
    throw new S3Error('BucketNotEmpty', { details: { BucketName: bucket.start.name } });
  }
  call.store.commit({ op: 'deleteBucket', bucket: bucket.start.name });
  return { status: 204 };
}

/** `GET /bucket?location` */
export function getBucketLocation(call: Call): Reply {
  const { region } = requireBucket(call).start;
  // us-east-1 is the region without a constraint.
  const text = region === 'us-east-1' ? undefined : region;
  return { status: 200, xml: xmlDocument('LocationConstraint', text ?? '') };
}
