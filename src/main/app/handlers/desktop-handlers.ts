import { access } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { DesktopPlatform } from '../../../shared/bridge.ts';
import type { Handlers } from '../../../shared/contract/define.ts';
import type { AppCalls } from '../../../shared/contract/index.ts';
import { AppError, serializeError } from '../../../shared/errors/app-error.ts';
import { allowedLink } from '../external-links.ts';
import type { Services } from '../services.ts';

/** Most bytes that are fetched for a drag out of the window: 1 GiB. */
const MAX_DRAG_BYTES = 1024 ** 3;

type Names = Extract<keyof AppCalls, `app.${string}` | `settings.${string}`>;

/** Handlers of the desktop around the window and of the preferences. */
export function desktopHandlers(services: Services): Pick<Handlers<AppCalls>, Names> {
  const { platform, settings, engine, dragFolder, grants } = services;
  return {
    'app.info': () => ({
      version: platform.system.version,
      platform: platform.system.platform,
      downloadsFolder: platform.paths.downloads,
      notices: services.notices.map(serializeError),
    }),
    'app.openExternal': async ({ url }) => {
      const link = allowedLink(url);
      if (link === null)
        throw new AppError('input.invalid', { params: { field: 'url' } });
      await platform.shell.openExternal(link);
    },
    'app.copyText': ({ text }) => platform.clipboard.writeText(text),
    'app.chooseFiles': async ({ kind }) => {
      const paths = await platform.dialogs.chooseFiles(kind);
      grants.addSources(paths);
      return { paths: [...paths] };
    },
    'app.chooseFolder': async ({ title }) => {
      const path = await platform.dialogs.chooseFolder({ title });
      if (path !== null) grants.addFolder(path);
      return { path };
    },
    'app.startDrag': async ({ connectionId, bucket, basePrefix, items }) => {
      const { paths } = await engine.call('engine.stage', {
        connectionId,
        bucket,
        basePrefix,
        items,
        folder: await dragFolder.create(),
        maxBytes: MAX_DRAG_BYTES,
      });
      if (paths.length > 0) await platform.window.startDrag(paths);
    },
    'app.networkChanged': () => services.connectivity.check(),
    'app.setUnfinished': ({ what }) => services.setUnfinished(what),
    'app.setCommandStates': (states) => platform.menu.setStates(states),
    'app.setTitle': ({ title }) => platform.window.setTitle(title),
    'app.revealPath': async ({ path }) => {
      const known = grants.mayWriteTo(path) || grants.mayRead(path);
      if (!known) throw new AppError('ipc.forbidden');
      await reveal(services, path);
    },

    'settings.snapshot': () => settings.current(),
    'settings.change': async (patch) => {
      const { downloadFolder: folder = '' } = patch;
      if (folder !== '' && !grants.mayWriteTo(folder))
        throw new AppError('ipc.forbidden');
      return settings.change(patch);
    },
  };
}

/**
 * Shows a local file or folder in the file manager. Throws `local.not-found`. Network
 * paths are refused on Windows: asking for one hands the user's login to that server.
 */
export async function reveal(services: Services, path: string): Promise<void> {
  if (!isRevealable(path, services.platform.system.platform)) {
    throw new AppError('local.not-found', { params: { path } });
  }
  try {
    await access(path);
  } catch (error) {
    throw new AppError('local.not-found', { params: { path }, cause: error });
  }
  services.platform.shell.revealFile(path);
}

function isRevealable(path: string, platform: DesktopPlatform): boolean {
  if (!isAbsolute(path) || path.includes('\0')) return false;
  return platform !== 'win32' || !/^[\\/]{2}/.test(path);
}
