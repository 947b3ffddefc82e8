import { isPublicPolicy } from '../access/policy.ts';
import { readPolicy } from '../access/read-policy.ts';
import { S3Error } from '../errors.ts';
import type { Bucket } from '../store/model.ts';
import { leaf, xmlDocument } from '../xml.ts';
import { type Call, type Reply, requireBucket } from './call.ts';
import { commitSetting } from './settings.ts';

const MAX_POLICY_BYTES = 20 * 1024;
const MAX_BODY_BYTES = 1024 * 1024;

/** `GET /bucket?policy`: the JSON as it was put. */
export function getPolicy(call: Call): Reply {
  return { status: 200, json: requirePolicy(requireBucket(call)) };
}

/** `PUT /bucket?policy` */
export async function putPolicy(call: Call): Promise<Reply> {
  const text = await call.body.text(MAX_BODY_BYTES);
  const bucket = requireBucket(call);
  if (Buffer.byteLength(text) > MAX_POLICY_BYTES) {
    throw new S3Error('MalformedPolicy', {
      message: `Policy exceeds the maximum allowed document size of ${MAX_POLICY_BYTES} bytes.`,
    });
  }
  const statements = readPolicy(text, bucket.start.name, call.accounts);
  const blocks = bucket.settings.publicAccessBlock?.blockPublicPolicy === true;
  if (blocks && isPublicPolicy(statements)) {
    throw new S3Error('AccessDenied', {
      message:
        'User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.',
    });
  }
  commitSetting(call, bucket, 'policy', text);
  return { status: 204 };
}

/** `DELETE /bucket?policy` */
export function deletePolicy(call: Call): Reply {
  commitSetting(call, requireBucket(call), 'policy', undefined);
  return { status: 204 };
}

/** `GET /bucket?policyStatus` */
export function getPolicyStatus(call: Call): Reply {
  const bucket = requireBucket(call);
  const statements = readPolicy(requirePolicy(bucket), bucket.start.name, call.accounts);
  return {
    status: 200,
    xml: xmlDocument('PolicyStatus', leaf('IsPublic', isPublicPolicy(statements))),
  };
}

function requirePolicy({ settings, start }: Bucket): string {
  if (settings.policy !== undefined) return settings.policy;
  throw new S3Error('NoSuchBucketPolicy', { details: { BucketName: start.name } });
}
