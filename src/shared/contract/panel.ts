import { z } from 'zod';
import { GroupId, TransferId } from '../domain/ids.ts';
import { PanelEntry, PanelKind, TransferDetail } from '../domain/panel.ts';
import { TransferFilter } from '../domain/transfer.ts';
import { call, namespace } from './define.ts';

/** Longest text one can search for. */
const Text = z.string().max(200);

/** What the transfers panel asks for. Lines count from the top of the list. */
const PanelRequest = z.strictObject({
  filter: TransferFilter,
  kind: PanelKind,
  /** Part of a key or name, upper and lower case alike; empty: everything. */
  text: Text,
  /** Groups the user opened or folded; the others fold beyond 20 rows. */
  opened: z.array(GroupId).max(10_000),
  folded: z.array(GroupId).max(10_000),
  /** First line wanted, and how many. */
  offset: z.int().min(0),
  limit: z.int().min(1).max(500),
});
export type PanelRequest = z.infer<typeof PanelRequest>;

/** A part of the panel's list. */
const PanelPage = z.strictObject({
  revision: z.int(),
  /** Lines in all. */
  lines: z.int(),
  /** Line of the first entry: `offset`, or one before it in the middle of an entry. */
  offset: z.int(),
  entries: z.array(PanelEntry),
  /** Transfers under each filter, of this kind and with this text. */
  counts: z.strictObject({
    all: z.int(),
    active: z.int(),
    failed: z.int(),
    finished: z.int(),
  }),
  /** Not every row was searched yet: ask again for more. */
  searching: z.boolean(),
  /** There are more matches than are shown. */
  capped: z.boolean(),
});
export type PanelPage = z.infer<typeof PanelPage>;

/** Where rows are moved to: `first` is what runs next. */
const PanelPlace = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('first') }),
  z.strictObject({ type: z.literal('last') }),
  z.strictObject({ type: z.literal('before'), id: TransferId }),
  z.strictObject({ type: z.literal('beforeGroup'), groupId: GroupId }),
]);
export type PanelPlace = z.infer<typeof PanelPlace>;

/** The transfers panel: the queue as a list of groups that fold. */
export const panel = namespace('panel', {
  view: call(PanelRequest, PanelPage),
  /** Moves what waits for its turn, of rows and of whole groups. */
  reorder: call(
    z.strictObject({
      ids: z.array(TransferId).max(10_000),
      groupIds: z.array(GroupId).max(1_000),
      place: PanelPlace,
    }),
    z.void(),
  ),
  /** `null`: there is no such transfer any more. */
  detail: call(z.strictObject({ id: TransferId }), TransferDetail.nullable()),
});
