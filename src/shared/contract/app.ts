import { z } from 'zod';
import { BucketName, ConnectionId, LocalPath, Prefix } from '../domain/ids.ts';
import { RemoteItem } from '../domain/listing.ts';
import { Settings, SettingsPatch } from '../domain/settings.ts';
import { SerializedAppError } from '../errors/app-error.ts';
import { call, namespace } from './define.ts';

/** Preferences and remembered layout. */
export const settings = namespace('settings', {
  snapshot: call(z.void(), Settings),
  change: call(SettingsPatch, Settings),
});

/** State of a command as the native menu shows it. */
export const CommandState = z.strictObject({
  id: z.string().max(64),
  enabled: z.boolean(),
  checked: z.boolean(),
});
export type CommandState = z.infer<typeof CommandState>;

/**
 * What ends with the window and is not begun again: a transfer that is still being counted
 * or asked about, something typed that is not saved, a folder that is being verified, or
 * files that are fetched for a drag to the desktop. What weighs more comes first.
 */
export const UnfinishedWork = z.enum(['start', 'edit', 'drag', 'verify']);
export type UnfinishedWork = z.infer<typeof UnfinishedWork>;

/** The desktop around the window. */
export const app = namespace('app', {
  info: call(
    z.void(),
    z.strictObject({
      version: z.string(),
      platform: z.enum(['darwin', 'win32', 'linux']),
      /** The system's downloads folder, where downloads go unless a setting says otherwise. */
      downloadsFolder: z.string(),
      /** Things that went wrong before the window opened, such as a restored file. */
      notices: z.array(SerializedAppError),
    }),
  ),
  /** Opens an https page in the browser. Only hosts of our allow-list. */
  openExternal: call(z.strictObject({ url: z.url().max(2_048) }), z.void()),
  copyText: call(z.strictObject({ text: z.string().max(10_000_000) }), z.void()),
  /** Files for an upload; an empty list when the user changed their mind. */
  chooseFiles: call(
    z.strictObject({ kind: z.enum(['files', 'folders']) }),
    z.strictObject({ paths: z.array(z.string()) }),
  ),
  /** A folder to download into; `null` when the user changed their mind. */
  chooseFolder: call(
    z.strictObject({ title: z.string().max(200) }),
    z.strictObject({ path: z.string().nullable() }),
  ),
  /** Fetches the items to a temporary folder, then starts the operating system's drag. */
  startDrag: call(
    z.strictObject({
      connectionId: ConnectionId,
      bucket: BucketName,
      basePrefix: Prefix,
      items: z.array(RemoteItem).min(1).max(1_000),
    }),
    z.void(),
  ),
  /** Keeps the native menu in step with the window. */
  setCommandStates: call(z.array(CommandState).max(200), z.void()),
  setTitle: call(z.strictObject({ title: z.string().max(500) }), z.void()),
  /** The page saw the network come or go: the system is asked again at once. */
  networkChanged: call(z.void(), z.void()),
  /** What would be lost if Dipper quit now; main asks first then. `null`: nothing. */
  setUnfinished: call(z.strictObject({ what: UnfinishedWork.nullable() }), z.void()),
  revealPath: call(z.strictObject({ path: LocalPath }), z.void()),
});

/** Events of the desktop. */
export const appTopics = {
  'settings.changed': Settings,
  /** A command chosen in the native menu. */
  'app.command': z.strictObject({ id: z.string() }),
  /** Something to tell, outside any call. */
  'app.notice': SerializedAppError,
  /** A link asked for this place and the user agreed; show it. No keys come along. */
  'app.openLocation': z.strictObject({
    /** Scheme, host and port. */
    endpoint: z.string(),
    /** Empty: where the connection starts. */
    bucket: z.string(),
    /** Empty, or ending in `/`. */
    prefix: z.string(),
  }),
  /** The system's look changed. */
  'app.appearance': z.strictObject({ dark: z.boolean(), highContrast: z.boolean() }),
} as const;
