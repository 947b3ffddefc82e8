import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TransferPreview } from '../../shared/contract/transfers.ts';
import type { AspectName, BulkChange, Place } from '../../shared/domain/aspects.ts';
import type { BookmarkId, ConnectionId, FolderId } from '../../shared/domain/ids.ts';
import type { RemoteItem } from '../../shared/domain/listing.ts';
import type { TransferStart } from '../features/transfers/start-transfer.ts';

/** Objects and folders of a bucket that are changed together. */
export interface ManyPlace {
  readonly connectionId: ConnectionId;
  readonly bucket: string;
  /** `null`: all the bucket holds. */
  readonly items: readonly RemoteItem[] | null;
}

/** Every dialog of the window with what it needs to open. */
export type DialogRequest =
  /** The connection dialog; `bookmarkId` null makes a new bookmark. */
  | {
      readonly kind: 'bookmark';
      readonly bookmarkId: BookmarkId | null;
      /** Folder a new bookmark goes into. */
      readonly folderId: FolderId | null;
    }
  | {
      readonly kind: 'quick-connect';
      /** What the address field begins with. */
      readonly address?: string;
    }
  | { readonly kind: 'preferences' }
  /** What is there already, before a transfer starts. */
  | {
      readonly kind: 'start-transfer';
      readonly transfer: TransferStart;
      readonly counting: Promise<TransferPreview | null>;
      readonly preview: TransferPreview | null;
    }
  | { readonly kind: 'shortcuts' }
  | {
      readonly kind: 'verify';
      readonly connectionId: ConnectionId;
      readonly bucket: string;
      /** Empty, or ending in `/`. */
      readonly prefix: string;
      /** Local folder it is compared with. */
      readonly folder: string;
    }
  | {
      readonly kind: 'new-folder';
      readonly connectionId: ConnectionId;
      readonly bucket: string;
      readonly prefix: string;
    }
  /** Edits permissions, headers, tags or CORS rules of a bucket or an object. */
  | { readonly kind: 'aspect'; readonly aspect: AspectName; readonly place: Place }
  /** Changes them on many objects, and on all under folders. */
  | ({ readonly kind: 'aspect-many'; readonly aspect: BulkChange['aspect'] } & ManyPlace)
  /** Makes signed links to objects, and to all under folders. */
  | {
      readonly kind: 'links';
      readonly connectionId: ConnectionId;
      readonly bucket: string;
      readonly items: readonly RemoteItem[];
    }
  | { readonly kind: 'new-bucket'; readonly connectionId: ConnectionId }
  | { readonly kind: 'add-bucket'; readonly connectionId: ConnectionId }
  | { readonly kind: 'go-to-folder'; readonly connectionId: ConnectionId }
  | {
      readonly kind: 'rename';
      readonly connectionId: ConnectionId;
      readonly bucket: string;
      readonly prefix: string;
      readonly item: RemoteItem;
    }
  | {
      readonly kind: 'delete';
      readonly connectionId: ConnectionId;
      readonly bucket: string;
      readonly items: readonly RemoteItem[];
    }
  | {
      readonly kind: 'delete-bucket';
      readonly connectionId: ConnectionId;
      readonly bucket: string;
    }
  | {
      readonly kind: 'move';
      readonly connectionId: ConnectionId;
      readonly bucket: string;
      readonly prefix: string;
      readonly items: readonly RemoteItem[];
      readonly targetPrefix: string;
    };

/** The dialog on screen, if any. */
export interface DialogsState {
  readonly open: DialogRequest | null;
}

/** Opens and closes the window's one dialog. */
export interface Dialogs {
  readonly store: StoreApi<DialogsState>;
  readonly open: (request: DialogRequest) => void;
  readonly close: () => void;
}

/** Makes the dialog host of a window. */
export function createDialogs(): Dialogs {
  const store = createStore<DialogsState>(() => ({ open: null }));
  return {
    store,
    open: (request) => store.setState({ open: request }),
    close: () => store.setState({ open: null }),
  };
}
