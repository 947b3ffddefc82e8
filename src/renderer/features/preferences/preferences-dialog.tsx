import { useState } from 'react';
import type { Settings, SettingsPatch } from '../../../shared/domain/settings.ts';
import type { ConflictPolicy } from '../../../shared/domain/transfer.ts';
import type { Api } from '../../bridge/api.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field } from '../../components/field.tsx';
import { type Choice, SegmentedControl } from '../../components/segmented-control.tsx';
import { Select, type SelectOption } from '../../components/select.tsx';
import { policyWords } from '../transfers/conflict-words.ts';
import styles from './preferences-dialog.module.css';
import { TransferSettings } from './transfer-settings.tsx';

const THEMES: readonly Choice<Settings['theme']>[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'high-contrast', label: 'High contrast' },
];

const ASK_FIRST: SelectOption<ConflictPolicy> = {
  value: 'ask',
  label: 'Ask',
  hint: 'Once for all when a transfer starts.',
};
const DOWNLOAD_CONFLICTS = [ASK_FIRST, ...policyWords('download')];
const UPLOAD_CONFLICTS = [ASK_FIRST, ...policyWords('upload')];

type Page = 'general' | 'transfers';

const PAGES: readonly Choice<Page>[] = [
  { value: 'general', label: 'General' },
  { value: 'transfers', label: 'Transfers' },
];

/** Props of {@link PreferencesDialog}. */
export interface PreferencesDialogProps {
  readonly api: Api;
  readonly settings: Settings;
  /** Takes effect at once; there is no Save. */
  readonly onChange: (patch: SettingsPatch) => void;
  readonly onClose: () => void;
  readonly onError: (error: unknown) => void;
}

/** Preferences. Every change counts at once. */
export function PreferencesDialog(props: PreferencesDialogProps) {
  const { settings, onChange, onClose } = props;
  const [page, setPage] = useState<Page>('general');

  return (
    <Dialog
      open
      title="Preferences"
      onClose={onClose}
      onSubmit={onClose}
      closeOnOutsideClick
      footer={
        <Button type="submit" variant="primary">
          Done
        </Button>
      }
    >
      <div className={styles.fields}>
        <div className={styles.pages}>
          <SegmentedControl
            label="Page"
            value={page}
            choices={PAGES}
            onChange={setPage}
          />
        </div>
        {page === 'transfers' ? (
          <TransferSettings settings={settings} onChange={onChange} />
        ) : (
          <General {...props} />
        )}
      </div>
    </Dialog>
  );
}

/** Look, folders, questions. */
function General({ api, settings, onChange, onError }: PreferencesDialogProps) {
  const [isChoosing, setChoosing] = useState(false);

  async function chooseFolder(): Promise<void> {
    setChoosing(true);
    try {
      const { path } = await api.app.chooseFolder({ title: 'Download Into' });
      if (path !== null) onChange({ downloadFolder: path });
    } catch (error) {
      onError(error);
    } finally {
      setChoosing(false);
    }
  }

  return (
    <>
      <Field label="Appearance">
        <SegmentedControl
          value={settings.theme}
          choices={THEMES}
          onChange={(theme) => onChange({ theme })}
        />
      </Field>
      <hr className={styles.rule} />
      <Field label="Download into">
        <div className={styles.folder}>
          <span className={styles.path} title={settings.downloadFolder}>
            {settings.downloadFolder === ''
              ? 'The system’s downloads folder'
              : settings.downloadFolder}
          </span>
          <Button busy={isChoosing} onClick={() => void chooseFolder()}>
            Choose…
          </Button>
          {settings.downloadFolder !== '' && (
            <Button variant="plain" onClick={() => onChange({ downloadFolder: '' })}>
              Reset
            </Button>
          )}
        </div>
      </Field>
      <Field label="Existing files" hint="When a download finds a file of that name.">
        <Select
          value={settings.downloadConflict}
          options={DOWNLOAD_CONFLICTS}
          onChange={(downloadConflict) => onChange({ downloadConflict })}
        />
      </Field>
      <Field label="Existing objects" hint="When an upload finds an object of that name.">
        <Select
          value={settings.uploadConflict}
          options={UPLOAD_CONFLICTS}
          onChange={(uploadConflict) => onChange({ uploadConflict })}
        />
      </Field>
      <hr className={styles.rule} />
      <div className={styles.checks}>
        <Checkbox
          label="Ask before deleting"
          checked={settings.confirmDelete}
          onChange={(confirmDelete) => onChange({ confirmDelete })}
        />
        <Checkbox
          label="Notify when transfers are done"
          checked={settings.notifyWhenDone}
          onChange={(notifyWhenDone) => onChange({ notifyWhenDone })}
        />
      </div>
    </>
  );
}
