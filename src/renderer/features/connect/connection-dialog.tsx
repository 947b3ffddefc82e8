import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { SecretTarget } from '../../../shared/contract/bookmarks.ts';
import type {
  Bookmark,
  BookmarkFolder,
  ConnectionDraft,
  SecretInput,
} from '../../../shared/domain/bookmark.ts';
import type { BookmarkId, FolderId } from '../../../shared/domain/ids.ts';
import type { AppError } from '../../../shared/errors/error.ts';
import { type Api, isCancelled, type Subscribe, toAppError } from '../../bridge/api.ts';
import { AlertDialog } from '../../components/alert-dialog.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { FailureBanner } from '../../components/failure-banner.tsx';
import { displayName } from '../bookmarks/bookmark-text.ts';
import { AdvancedFields } from './advanced-fields.tsx';
import { checkForm, type FieldName, type FormErrors } from './check-form.ts';
import styles from './connection-dialog.module.css';
import {
  type ConnectionForm,
  formOf,
  newForm,
  settleEndpoint,
  withRegion,
} from './connection-form.ts';
import type { FormControl } from './form-control.ts';
import { KeyFields } from './key-fields.tsx';
import { LookFields } from './look-fields.tsx';
import { RuleFields } from './rule-fields.tsx';
import { ServerFields } from './server-fields.tsx';
import { TestPanel } from './test-panel.tsx';
import { UnprotectedQuestion } from './unprotected-question.tsx';
import { useAfterPress } from './use-after-press.ts';
import { useConnectionTest } from './use-connection-test.ts';

/** Props of {@link ConnectionDialog}. */
export interface ConnectionDialogProps {
  readonly api: Api;
  readonly subscribe: Subscribe;
  /** The bookmark to change; `null` makes a new one. */
  readonly bookmark: Bookmark | null;
  readonly folders: readonly BookmarkFolder[];
  /** Folder a new bookmark goes into. */
  readonly initialFolderId?: FolderId | null;
  /** Opens a saved bookmark. Rejects with an `AppError`, which the dialog shows. */
  readonly onOpenBookmark: (id: BookmarkId) => Promise<void>;
  /** Connects without saving. Rejects with an `AppError`, which the dialog shows. */
  readonly onOpenQuick: (
    draft: ConnectionDraft,
    secret: SecretInput | null,
  ) => Promise<void>;
  /** Whether there is something that closing would lose. */
  readonly onTyped?: (typed: boolean) => void;
  readonly onClose: () => void;
}

type Action = 'save' | 'save-connect' | 'connect';

/** What is going to be saved, while the question about the secret is open. */
interface Pending {
  readonly action: 'save' | 'save-connect';
  readonly draft: ConnectionDraft;
  readonly secret: SecretInput | null;
}

const ADVANCED: readonly FieldName[] = [
  'connectTimeout',
  'requestTimeout',
  'maxSockets',
  'partSize',
  'uploadLimit',
  'downloadLimit',
  'caCertificate',
];

/** Makes, changes and tests a connection. An error never loses what was typed. */
export function ConnectionDialog(props: ConnectionDialogProps) {
  const { api, subscribe, bookmark, folders, onTyped, onClose } = props;
  const initial = useMemo(
    () => (bookmark === null ? newForm(props.initialFolderId ?? null) : formOf(bookmark)),
    [bookmark, props.initialFolderId],
  );
  const [form, setForm] = useState<ConnectionForm>(initial);
  const [left, setLeft] = useState<readonly FieldName[]>([]);
  const [showsAll, setShowsAll] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const [isAdvancedOpen, setAdvancedOpen] = useState(false);
  const [isRulesOpen, setRulesOpen] = useState(false);
  const [busy, setBusy] = useState<Action | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [pending, setPending] = useState<Pending | null>(null);
  const [isLeaving, setLeaving] = useState(false);
  // A bookmark that was saved but could not be opened is changed by the next attempt.
  const [savedId, setSavedId] = useState<BookmarkId | null>(bookmark?.id ?? null);
  const [savedSecret, setSavedSecret] = useState(false);
  const test = useConnectionTest(api, subscribe);
  const afterPress = useAfterPress();
  const bodyRef = useRef<HTMLDivElement>(null);

  const hasStoredSecret =
    savedSecret || (bookmark !== null && bookmark.secretStorage !== 'none');
  const checked = checkForm(form, {
    hasStoredSecret,
    storedAccessKeyId: savedSecret ? form.accessKeyId : (bookmark?.accessKeyId ?? ''),
  });
  const control: FormControl = {
    form,
    change: setForm,
    errors: showsAll ? checked.errors : onlyLeft(checked.errors, left),
    warnings: checked.warnings,
    leave: (field) =>
      afterPress(() => {
        setLeft((fields) => (fields.includes(field) ? fields : [...fields, field]));
        if (field === 'endpoint') setForm(settleEndpoint);
      }),
  };

  useEffect(() => {
    if (attempts === 0) return;
    const first = bodyRef.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    first?.focus();
  }, [attempts]);

  /** Shows what is wrong and where; the sentinel of every button. */
  function complain(): void {
    setShowsAll(true);
    if (ADVANCED.some((field) => checked.errors[field] !== undefined)) {
      setAdvancedOpen(true);
    }
    if (Object.keys(checked.errors).some((field) => field.startsWith('rule:'))) {
      setRulesOpen(true);
    }
    setAttempts((count) => count + 1);
  }

  async function save(what: Pending, target: SecretTarget): Promise<void> {
    const saved = await api.bookmarks.save({
      id: savedId,
      draft: what.draft,
      folderId: form.folderId,
      colour: form.colour,
      secret: what.secret,
      secretTarget: target,
    });
    setSavedId(saved.id);
    setSavedSecret(saved.secretStorage !== 'none');
    if (what.action === 'save-connect') await props.onOpenBookmark(saved.id);
    onClose();
  }

  async function attempt(action: Action, work: () => Promise<void>): Promise<void> {
    setBusy(action);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      // Called off: whoever did it knows.
      if (!isCancelled(error)) setFailure(toAppError(error));
    } finally {
      setBusy(null);
    }
  }

  function run(action: Action): void {
    if (busy !== null) return;
    setForm(settleEndpoint);
    const { draft, secret } = checked;
    if (draft === null) {
      complain();
      return;
    }
    void attempt(action, async () => {
      if (action === 'connect') {
        await props.onOpenQuick(draft, secret);
        onClose();
        return;
      }
      const what: Pending = { action, draft, secret };
      if (secret === null) {
        await save(what, keptTarget(bookmark));
        return;
      }
      const status = await api.bookmarks.vaultStatus();
      if (status.protected) await save(what, 'keychain');
      else setPending(what);
    });
  }

  function answer(target: SecretTarget): void {
    if (pending === null) return;
    setPending(null);
    void attempt(pending.action, () => save(pending, target));
  }

  function startTest(): void {
    setForm(settleEndpoint);
    const { draft, secret } = checked;
    if (draft === null) complain();
    else test.start({ draft, secret, bookmarkId: savedId });
  }

  const isTyped = JSON.stringify(form) !== JSON.stringify(initial);
  useLayoutEffect(() => onTyped?.(isTyped), [onTyped, isTyped]);

  function close(): void {
    if (isTyped) setLeaving(true);
    else onClose();
  }

  return (
    <>
      <Dialog
        open
        onClose={close}
        title={bookmark === null ? 'New Bookmark' : `Edit “${displayName(bookmark)}”`}
        onSubmit={() => run('save-connect')}
        footerStart={
          <Button onClick={startTest} busy={test.state.kind === 'running'}>
            Test Connection
          </Button>
        }
        footer={
          <>
            <Button onClick={close}>Cancel</Button>
            {savedId === null && (
              <Button onClick={() => run('connect')} busy={busy === 'connect'}>
                Connect
              </Button>
            )}
            <Button onClick={() => run('save')} busy={busy === 'save'}>
              Save
            </Button>
            <Button type="submit" variant="primary" busy={busy === 'save-connect'}>
              Save & Connect
            </Button>
          </>
        }
      >
        <div ref={bodyRef} className={styles.fields}>
          <ServerFields
            control={control}
            onOpenHelp={(url) => {
              api.app
                .openExternal({ url })
                .catch((error: unknown) => setFailure(toAppError(error)));
            }}
          />
          <hr className={styles.rule} />
          <KeyFields control={control} bookmark={bookmark} />
          <hr className={styles.rule} />
          <LookFields
            control={control}
            folders={folders}
            fallbackName={displayName({
              nickname: '',
              endpoint: form.endpoint,
              root: form.root,
            })}
          />
          <Disclosure label="Advanced" open={isAdvancedOpen} onChange={setAdvancedOpen}>
            <AdvancedFields control={control} />
          </Disclosure>
          <Disclosure label="Upload Rules" open={isRulesOpen} onChange={setRulesOpen}>
            <RuleFields control={control} />
          </Disclosure>
        </div>
        <TestPanel
          test={test}
          onUseRegion={(region) => setForm((current) => withRegion(current, region))}
        />
        {failure !== null && <FailureBanner className={styles.failure} error={failure} />}
      </Dialog>
      <UnprotectedQuestion
        open={pending !== null}
        onCancel={() => setPending(null)}
        onAnswer={answer}
      />
      <AlertDialog
        open={isLeaving}
        title="Discard what you typed?"
        cancelLabel="Keep Editing"
        onCancel={() => setLeaving(false)}
        actions={[{ label: 'Discard', variant: 'danger', onSelect: onClose }]}
      >
        The connection has not been saved.
      </AlertDialog>
    </>
  );
}

function onlyLeft(errors: FormErrors, left: readonly FieldName[]): FormErrors {
  return Object.fromEntries(
    Object.entries(errors).filter(([field]) => left.some((name) => name === field)),
  );
}

/** Where the secret is that stays as it is. */
function keptTarget(bookmark: Bookmark | null): SecretTarget {
  const storage = bookmark?.secretStorage ?? 'none';
  return storage === 'none' ? 'session' : storage;
}
