import type { AspectName, Unavailable } from '../../../shared/domain/aspects.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { BucketOrObject } from './aspect-calls.ts';

/** The actions of IAM behind each setting. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html */
const ACTIONS: {
  readonly [Name in AspectName]: {
    readonly [Way in 'read' | 'write']: {
      readonly bucket: string;
      readonly object: string;
    };
  };
} = {
  acl: {
    read: { bucket: 's3:GetBucketAcl', object: 's3:GetObjectAcl' },
    write: { bucket: 's3:PutBucketAcl', object: 's3:PutObjectAcl' },
  },
  cors: {
    read: { bucket: 's3:GetBucketCORS', object: 's3:GetBucketCORS' },
    write: { bucket: 's3:PutBucketCORS', object: 's3:PutBucketCORS' },
  },
  tags: {
    read: { bucket: 's3:GetBucketTagging', object: 's3:GetObjectTagging' },
    write: { bucket: 's3:PutBucketTagging', object: 's3:PutObjectTagging' },
  },
  headers: {
    read: { bucket: 's3:GetObject', object: 's3:GetObject' },
    write: { bucket: 's3:PutObject', object: 's3:PutObject' },
  },
};

/** The action that reading or writing an aspect takes. */
export function actionOf(
  aspect: AspectName,
  way: 'read' | 'write',
  place: BucketOrObject,
): string {
  return ACTIONS[aspect][way][place.key === null ? 'bucket' : 'object'];
}

/** The name policies have for a bucket or an object. */
export function arnOf({ bucket, key }: BucketOrObject): string {
  return `arn:aws:s3:::${bucket}${key === null ? '' : `/${key}`}`;
}

/** `access.denied` with the action and the resource it is about; others stay as they are. */
export function namingAction(
  error: unknown,
  action: string,
  place: BucketOrObject,
): unknown {
  if (!(error instanceof AppError) || error.code !== 'access.denied') return error;
  return new AppError('access.denied', {
    params: { ...error.params, ...deniedBy(error, action, place) },
    provider: error.provider,
    cause: error,
  });
}

/**
 * Action and resource of a refusal: Amazon's own message names them, else it is what we
 * asked for.
 */
export function deniedBy(
  error: AppError,
  action: string,
  place: BucketOrObject,
): { readonly action: string; readonly resource: string } {
  const said =
    /not authorized to perform: (\S+?)(?: on resource: "?([^"\s]+)"?)?(?:\s|$)/.exec(
      error.provider?.message ?? '',
    );
  return {
    action: said?.[1] ?? action,
    resource: said?.[2] ?? arnOf(place),
  };
}

/** Why an aspect is not to be had, by what reading it came to; `null`: another failure. */
export function whyUnavailable(
  error: unknown,
  aspect: AspectName,
  place: BucketOrObject,
): Unavailable | null {
  if (!(error instanceof AppError)) return null;
  switch (error.code) {
    case 'access.denied':
      return {
        reason: 'denied',
        ...deniedBy(error, actionOf(aspect, 'read', place), place),
      };
    case 'access.bucket-owner':
      return { reason: 'acls-disabled' };
    case 'bucket.not-found':
    case 'object.not-found':
      return isUnknownPath(error, aspect, place) ? { reason: 'unsupported' } : null;
    default:
      return isUnsupported(error) ? { reason: 'unsupported' } : null;
  }
}

/** Whether the server has nothing of the kind: it says so, or something else came. */
export function isUnsupported({ code, params }: AppError): boolean {
  if (code === 'provider.unsupported') return true;
  // The object's own bytes came, or none. What broke off is another matter.
  const other = ['not-xml', 'too-long', 'empty'].includes(String(params['reason']));
  return code === 'provider.malformed-response' && other;
}

/** A server that knows neither the sub-resource nor how S3 says so: 404 and nothing else. */
function isUnknownPath(
  { provider, code }: AppError,
  aspect: AspectName,
  { key }: BucketOrObject,
): boolean {
  if (aspect === 'headers') return false;
  const service = provider?.service ?? '';
  return service === '' || (key === null && code === 'object.not-found');
}
