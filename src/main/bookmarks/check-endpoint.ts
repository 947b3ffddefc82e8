import type { ConnectionDraft } from '../../shared/domain/bookmark.ts';
import { AppError } from '../../shared/errors/app-error.ts';

/**
 * Throws `input.endpoint` unless the endpoint is an http(s) address. A user name or a
 * password in it would end up in bookmarks.json in the clear.
 */
export function checkEndpoint(draft: ConnectionDraft): void {
  const url = URL.canParse(draft.endpoint) ? new URL(draft.endpoint) : null;
  const isHttp = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === null || !isHttp || url.username !== '' || url.password !== '') {
    throw new AppError('input.endpoint');
  }
}
