import { isSameService } from '../../../shared/domain/s3-hosts.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import type { Route } from './client-pool.ts';
import { ServiceFailure } from './service-failure.ts';

/** The region a server says the bucket is in. */
export function namedRegion(failure: ServiceFailure): string | null {
  const wrong =
    [301, 307, 400].includes(failure.status) ||
    failure.service === 'AuthorizationHeaderMalformed' ||
    failure.service === 'IllegalLocationConstraintException';
  if (!wrong) return null;
  const region =
    failure.headers['x-amz-bucket-region'] ??
    failure.fields['Region'] ??
    /expecting '([\w-]+)'/.exec(failure.text)?.[1];
  // It becomes part of a host name: nothing but what a region can look like.
  return region !== undefined && /^[a-z0-9][a-z0-9-]{0,62}$/i.test(region)
    ? region
    : null;
}

/**
 * The endpoint to ask instead: named in a redirect, or Amazon's own for the region. Only
 * ever within the same service: credentials do not follow a server's word anywhere else.
 */
export function namedEndpoint(
  failure: ServiceFailure,
  used: Route,
  bucket: string | undefined,
  region: string | null,
): string | null {
  const url = new URL(used.endpoint);
  const amazon = /^s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(\.cn)?$/.exec(url.hostname);
  if (amazon !== null) {
    return region === null
      ? null
      : `${url.protocol}//s3.${region}.amazonaws.com${amazon[1] ?? ''}`;
  }
  const named = failure.fields['Endpoint'];
  if (named === undefined || ![301, 307].includes(failure.status)) return null;
  const host =
    bucket !== undefined && named.startsWith(`${bucket}.`)
      ? named.slice(bucket.length + 1)
      : named;
  return isSameService(host, url.hostname) && URL.canParse(`${url.protocol}//${host}`)
    ? new URL(`${url.protocol}//${host}`).origin
    : null;
}

/** The error, with the region where the server named the right one. */
export function withNamedRegion(mapped: AppError, error: unknown): AppError {
  const region = error instanceof ServiceFailure ? namedRegion(error) : null;
  if (mapped.code !== 'bucket.wrong-region' || region === null) return mapped;
  return new AppError(mapped.code, {
    params: { ...mapped.params, region },
    provider: mapped.provider,
    cause: error,
  });
}
