import { app, appTopics, settings } from './app.ts';
import { aspects } from './aspects.ts';
import { BookmarksState, bookmarks } from './bookmarks.ts';
import { browse, browseTopics } from './browse.ts';
import { connections, connectionTopics } from './connections.ts';
import type { PayloadOf, RequestOf, ResponseOf } from './define.ts';
import { documents } from './documents.ts';
import { panel } from './panel.ts';
import { receipts } from './receipts.ts';
import { requests } from './requests.ts';
import { transfers, transferTopics } from './transfers.ts';
import { verify } from './verify.ts';

/** The contract between the window and main: every name, schema and event there is. */
export const appContract = {
  calls: {
    ...app,
    ...settings,
    ...bookmarks,
    ...connections,
    ...browse,
    ...transfers,
    ...documents,
    ...panel,
    ...receipts,
    ...requests,
    ...verify,
    ...aspects,
  },
  topics: {
    ...appTopics,
    ...connectionTopics,
    ...browseTopics,
    ...transferTopics,
    'bookmarks.changed': BookmarksState,
  },
} as const;

export type AppCalls = typeof appContract.calls;
export type AppTopics = typeof appContract.topics;
/** Name of a call, `namespace.verb`. */
export type CallName = keyof AppCalls;
/** Name of an event. */
export type TopicName = keyof AppTopics;
export type AppRequest<N extends CallName> = RequestOf<AppCalls, N>;
export type AppResponse<N extends CallName> = ResponseOf<AppCalls, N>;
export type AppPayload<N extends TopicName> = PayloadOf<AppTopics, N>;
