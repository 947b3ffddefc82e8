import type { AppPayload } from '../../shared/contract/index.ts';
import type { Bookmark } from '../../shared/domain/bookmark.ts';
import { splitRoot } from '../../shared/domain/remote-path.ts';
import type { Services } from './services.ts';

type Place = AppPayload<'app.openLocation'>;

/**
 * Goes where a link asks to: with the bookmark of that server if there is one, else the
 * quick-connect dialog opens with the address filled in. Keys are never guessed, and a
 * dialog that is open keeps what was typed into it.
 */
export function attachLinks(
  services: Pick<
    Services,
    'api' | 'subscribe' | 'navigation' | 'dialogs' | 'toasts' | 'reportError'
  >,
): () => void {
  const { api, subscribe, navigation, dialogs, toasts, reportError } = services;

  async function open(place: Place): Promise<void> {
    if (dialogs.store.getState().open !== null) {
      toasts.show({
        tone: 'warning',
        title: 'The link was not opened',
        description: 'Finish with the dialog first, then open the link again.',
      });
      return;
    }
    // Asked for: at a start the replica may not be there yet.
    const { bookmarks } = await api.bookmarks.snapshot();
    const bookmark = bookmarkFor(bookmarks, place);
    if (bookmark === null) {
      dialogs.open({ kind: 'quick-connect', address: addressOf(place) });
      return;
    }
    const connection = await api.connections.open({ bookmarkId: bookmark.id });
    navigation.showConnection(connection);
    if (place.bucket === '') return;
    const { connectionId } = connection;
    navigation.go({ connectionId, bucket: place.bucket, prefix: place.prefix });
  }

  return subscribe('app.openLocation', (place) => {
    open(place).catch(reportError);
  });
}

/** A bookmark of the same server; one that starts in the same bucket goes first. */
function bookmarkFor(bookmarks: readonly Bookmark[], place: Place): Bookmark | null {
  const same = bookmarks.filter((each) => originOf(each.endpoint) === place.endpoint);
  const inBucket = same.find((each) => splitRoot(each.root).bucket === place.bucket);
  return inBucket ?? same[0] ?? null;
}

function originOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).origin : '';
}

/** As one would type it; the parts of the path are escaped so that none is lost. */
function addressOf({ endpoint, bucket, prefix }: Place): string {
  if (bucket === '') return endpoint;
  const path = prefix.split('/').map(encodeURIComponent).join('/');
  return `${endpoint}/${encodeURIComponent(bucket)}/${path}`;
}
