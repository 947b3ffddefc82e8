import { Lock } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { AspectName, Place } from '../../../shared/domain/aspects.ts';
import { baseName } from '../../../shared/domain/remote-path.ts';
import { unavailableText } from '../../../shared/messages/aspects.en.ts';
import { useServices } from '../../app/services.ts';
import { useUnfinished } from '../../app/use-unfinished.ts';
import { AlertDialog } from '../../components/alert-dialog.tsx';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureBanner } from '../../components/failure-banner.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { AspectCommandMenu } from '../copy-command/aspect-command-menu.tsx';
import type { AspectEditor } from './aspect-editor.ts';
import styles from './aspect-sheet.module.css';
import { ChangeList, Consequences } from './change-list.tsx';
import { SheetEnd, SheetStart } from './sheet-footer.tsx';
import { type RunningEditor, type Saved, useEditor } from './use-editor.ts';

/** Props of {@link AspectSheet}. */
export interface AspectSheetProps<Name extends AspectName, Draft> {
  readonly editor: AspectEditor<Name, Draft>;
  readonly place: Place;
  readonly onClose: () => void;
}

/**
 * The sheet every aspect of a bucket or an object is edited in: reads what is there, checks
 * what is typed, shows what a save will change before it is sent, and brings earlier
 * states back.
 */
export function AspectSheet<Name extends AspectName, Draft>(
  props: AspectSheetProps<Name, Draft>,
) {
  const { editor, place, onClose } = props;
  const { api, toasts, reportError, inspector, pane } = useServices();
  const [leaving, setLeaving] = useState(false);
  /** What was saved, while what came of it is on screen. */
  const [kept, setKept] = useState<Saved<Name> | null>(null);
  const body = useRef<HTMLDivElement>(null);
  const expected = useRef<HTMLButtonElement>(null);
  const shown = useRef('edit');

  /** Back to the state before, from the message that tells of the save. */
  async function undo({ before, revision, options }: Saved<Name>): Promise<void> {
    const change = { aspect: editor.aspect, value: before } as never;
    await api.aspects.write({ ...place, change, revision, ...options });
    inspector.changed();
    refresh();
    toasts.show({ tone: 'success', title: 'It is as it was before' });
  }

  /** Headers are changed by a copy of the object onto itself: it has another time then. */
  function refresh(): void {
    if (editor.aspect === 'headers') pane.refresh();
  }

  /** Tells of a save, with the way back, once nothing lies over the message. */
  function leave(saved: Saved<Name> | null): void {
    if (saved !== null) {
      toasts.show({
        tone: 'success',
        title: `Saved: ${editor.title(place)}`,
        description: place.key === null ? place.bucket : baseName(place.key),
        action: {
          label: 'Undo',
          onSelect: () => {
            undo(saved).catch(reportError);
          },
        },
      });
    }
    onClose();
  }

  function onSaved(saved: Saved<Name>, stays: boolean): void {
    refresh();
    if (stays) setKept(saved);
    else leave(saved);
  }

  const running = useEditor(editor, place, onSaved);
  const { step, used, changes, complaints } = running;
  const { state } = used;
  const ready = state.phase === 'ready';
  const dirty = ready && step.kind !== 'after' && changes.length > 0;
  useUnfinished('edit', dirty);

  useEffect(() => {
    if (complaints === 0) return;
    body.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [complaints]);

  const isPartlySaved = running.error?.code === 'aspect.tags-lost';
  useEffect(() => {
    if (isPartlySaved) pane.refresh();
  }, [isPartlySaved, pane]);

  // What had the focus is gone with the step before.
  useEffect(() => {
    if (shown.current === step.kind) return;
    shown.current = step.kind;
    (step.kind === 'edit' ? firstControl(body.current) : expected.current)?.focus();
  }, [step.kind]);

  // The sheet opened with nothing to type in: its Cancel has the focus.
  const isEditable =
    state.phase === 'ready' && state.locked === null && step.kind === 'edit';
  useEffect(() => {
    if (isEditable && body.current?.contains(document.activeElement) === false) {
      firstControl(body.current)?.focus();
    }
  }, [isEditable]);

  function close(): void {
    if (running.busy) return;
    if (step.kind === 'review' || step.kind === 'earlier') running.go({ kind: 'edit' });
    else if (dirty) setLeaving(true);
    else leave(kept);
  }

  function submit(): void {
    if (step.kind === 'edit') running.review();
    else if (step.kind === 'review' || step.kind === 'earlier') running.save();
    else if (step.kind === 'after') leave(kept);
  }

  const description = editor.description?.(place);
  const unreadable = running.error?.code === 'aspect.acl-unreadable';
  return (
    <>
      <Dialog
        open
        size="roomy"
        title={editor.title(place)}
        description={
          <>
            <span className={styles.place} title={placeText(place)}>
              {placeText(place)}
            </span>
            {description !== undefined && <span>{description}</span>}
          </>
        }
        onClose={close}
        onSubmit={submit}
        footerStart={
          step.kind === 'review' && ready && running.target !== undefined ? (
            <AspectCommandMenu
              place={place}
              before={{ aspect: editor.aspect, value: state.value } as never}
              change={{ aspect: editor.aspect, value: running.target } as never}
            />
          ) : (
            <SheetStart running={running} />
          )
        }
        footer={<SheetEnd running={running} expected={expected} onClose={close} />}
      >
        <div ref={body} className={styles.body}>
          <Content editor={editor} place={place} running={running} />
          {running.error !== null && !unreadable && (
            <FailureBanner error={running.error} />
          )}
        </div>
      </Dialog>
      <AlertDialog
        open={leaving}
        title="Discard what you typed?"
        cancelLabel="Keep Editing"
        onCancel={() => setLeaving(false)}
        actions={[{ label: 'Discard', variant: 'danger', onSelect: () => leave(kept) }]}
      >
        The changes have not been saved.
      </AlertDialog>
      <AlertDialog
        open={unreadable}
        tone="danger"
        title="Save although permissions get lost?"
        cancelLabel="Do Not Save"
        onCancel={running.dismissError}
        actions={[
          {
            label: 'Save for the Owner Alone',
            variant: 'danger',
            onSelect: () => running.save({ mayResetAcl: true }),
          },
        ]}
      >
        Dipper cannot read who may read this object: these keys lack s3:GetObjectAcl.
        After the change only its owner may, unless a policy of the bucket lets others in.
      </AlertDialog>
    </>
  );
}

/** Where typing begins. */
function firstControl(within: HTMLElement | null): HTMLElement | null {
  return (
    within?.querySelector<HTMLElement>(
      ':is(input, textarea, [role=combobox], [role=checkbox]):not(:disabled, [aria-disabled=true], [aria-hidden=true])',
    ) ?? null
  );
}

/** An address people know: `s3://bucket/key`. */
function placeText({ bucket, key }: Place): string {
  return `s3://${bucket}/${key ?? ''}`;
}

/** What the step shows. */
function Content<Name extends AspectName, Draft>({
  editor,
  place,
  running,
}: {
  readonly editor: AspectEditor<Name, Draft>;
  readonly place: Place;
  readonly running: RunningEditor<Name, Draft>;
}) {
  const { format } = useServices();
  const { used, step, draft } = running;
  const { state } = used;
  if (state.phase === 'loading') {
    return (
      <div className={styles.center}>
        <Spinner size={22} label="Reading what is set" />
      </div>
    );
  }
  if (state.phase === 'failed') {
    return (
      <>
        <FailureBanner error={state.error} />
        <div>
          <Button onClick={running.reload}>Try Again</Button>
        </div>
      </>
    );
  }
  if (state.phase === 'unavailable') {
    const { title, explanation } = unavailableText(editor.aspect, state.why);
    return (
      <div className={styles.center}>
        <EmptyState icon={<Lock size={36} strokeWidth={1.5} />} title={title}>
          {explanation}
        </EmptyState>
      </div>
    );
  }
  if (draft === null) return null;
  switch (step.kind) {
    case 'review':
      return (
        <>
          <p className={styles.lead}>Saving changes this on the server:</p>
          <ChangeList label="What will change" changes={running.changes} />
          <Consequences items={running.consequences} />
        </>
      );
    case 'earlier':
      return (
        <>
          <p className={styles.lead}>
            Until {format.date(step.state.replacedAt)} it was set otherwise. Going back to
            that changes:
          </p>
          <Consequences items={running.consequences} />
          {running.changes.length === 0 ? (
            <p className={styles.lead}>Nothing: it is set like this now.</p>
          ) : (
            <ChangeList label="What will change" changes={running.changes} />
          )}
        </>
      );
    case 'conflict':
      return (
        <>
          <Banner tone="warning" title="Changed by somebody else meanwhile">
            It is not as it was when you began, so nothing was saved. Reload shows how it
            is now, without what you changed.
          </Banner>
          {step.shown && (
            <>
              <h3 className={styles.heading}>What was changed meanwhile</h3>
              <ChangeList
                label="What was changed meanwhile"
                changes={editor.changes(state.value, step.theirs.value)}
              />
              <h3 className={styles.heading}>What saving yours over it would change</h3>
              <Consequences items={running.consequences} />
              <ChangeList
                label="What saving yours would change"
                changes={running.changes}
              />
            </>
          )}
        </>
      );
    case 'after':
      return editor.after === undefined ? null : (
        <editor.after.Content place={place} onEdit={() => running.go({ kind: 'edit' })} />
      );
    default:
      return (
        <>
          {state.locked !== null && (
            <Banner
              tone="info"
              title={unavailableText(editor.aspect, state.locked).title}
            >
              {unavailableText(editor.aspect, state.locked).explanation}
            </Banner>
          )}
          <editor.Form
            place={place}
            draft={draft}
            onChange={running.change}
            problems={running.problems}
            readOnly={state.locked !== null}
          />
        </>
      );
  }
}
