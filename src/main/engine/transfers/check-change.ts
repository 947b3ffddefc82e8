import type { BulkChange, ObjectHeaders } from '../../../shared/domain/aspects.ts';
import {
  CHANGEABLE_HEADERS,
  type ChangeOf,
  changesNothing,
} from '../../../shared/domain/bulk-change.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';
import { checkAspect, checkHeaders } from '../aspects/check-aspect.ts';

/**
 * Refuses, with `aspect.invalid`, a change that no object could take or that would do
 * nothing, before anything is queued.
 */
export function checkChange(change: BulkChange): void {
  if (changesNothing(change)) invalid('no-change');
  switch (change.aspect) {
    case 'acl': {
      const given = {
        aspect: 'acl' as const,
        value: { owner: { id: '', name: '' }, grants: change.add },
      };
      checkAspect(given, given, false);
      return;
    }
    case 'tags': {
      const given = { aspect: 'tags' as const, value: change.set };
      checkAspect(given, given, false);
      return;
    }
    case 'headers':
      checkHeaders(headersSetBy(change));
      return;
    default:
      assertNever(change);
  }
}

function headersSetBy({ set, setMetadata }: ChangeOf<'headers'>): ObjectHeaders {
  const headers: ObjectHeaders = {
    contentType: '',
    contentDisposition: '',
    cacheControl: '',
    contentEncoding: '',
    contentLanguage: '',
    expires: '',
    metadata: Object.entries(setMetadata).map(([name, value]) => ({ name, value })),
  };
  const fields: Readonly<Record<string, Exclude<keyof ObjectHeaders, 'metadata'>>> =
    CHANGEABLE_HEADERS;
  for (const [name, value] of Object.entries(set)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) invalid('name', name);
    else headers[field] = value;
  }
  return headers;
}

function invalid(reason: string, field?: string): void {
  throw new AppError('aspect.invalid', {
    params: { reason, ...(field === undefined ? {} : { field }) },
  });
}
