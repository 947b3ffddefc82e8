import { z } from 'zod';
import { Settings, type SettingsPatch } from '../../shared/domain/settings.ts';
import type { AppError } from '../../shared/errors/app-error.ts';
import type { FileOperations } from '../storage/file-operations.ts';
import { openJsonStore } from '../storage/json-store.ts';

/** What the preferences hold. */
export interface SettingsService {
  /** What went wrong while reading the file. */
  readonly notice: AppError | null;
  current(): Settings;
  /** Changes some settings and tells the listener. Throws `storage.write-failed`. */
  change(patch: SettingsPatch): Promise<Settings>;
  /** Resolves when everything is on the disk. */
  settled(): Promise<void>;
}

/** Version of settings.json. */
const VERSION = 1;

/** Unknown fields of the file are dropped, missing ones get their default. */
const StoredSettings = z.object({ settings: z.object(Settings.shape) });

/** Opens settings.json. */
export async function openSettings(options: {
  readonly path: string;
  readonly files: FileOperations;
  readonly now: () => number;
  /** Called after each change with all settings. */
  readonly onChange: (settings: Settings) => void;
}): Promise<SettingsService> {
  const store = await openJsonStore({
    path: options.path,
    schema: StoredSettings,
    version: VERSION,
    initial: () => ({ settings: Settings.parse({}) }),
    files: options.files,
    now: options.now,
  });
  return {
    notice: store.notice,
    current: () => store.value.settings,
    async change(patch) {
      const defined = Object.fromEntries(
        Object.entries(patch).filter(([, value]) => value !== undefined),
      );
      const next = Settings.parse({ ...store.value.settings, ...defined });
      const written = store.write({ settings: next });
      options.onChange(next);
      await written;
      return next;
    },
    settled: () => store.settled(),
  };
}
