import { createHash } from 'node:crypto';
import type { ConnectionDraft } from '../../shared/domain/bookmark.ts';
import { type ConnectionId, QUICK_PREFIX } from '../../shared/domain/ids.ts';

/**
 * The id of a connection without a bookmark: the same for the same server and access key,
 * so that what it left unfinished goes on when somebody connects there again. The secret
 * is no part of it.
 */
export function quickIdOf(
  draft: Pick<ConnectionDraft, 'endpoint' | 'accessKeyId' | 'signature'>,
): ConnectionId {
  const user = draft.signature === 'anonymous' ? '' : draft.accessKeyId;
  const place = JSON.stringify([URL.parse(draft.endpoint)?.href ?? draft.endpoint, user]);
  const digest = createHash('sha256').update(place).digest('hex').slice(0, 32);
  return `${QUICK_PREFIX}${digest}` as ConnectionId;
}
