import { type ReactNode, useEffect, useRef, useState } from 'react';
import { serializeError } from '../../../../shared/errors/error.ts';
import { errorText } from '../../../../shared/messages/errors.en.ts';
import { useServices } from '../../../app/services.ts';
import { useUnfinished } from '../../../app/use-unfinished.ts';
import { AlertDialog } from '../../../components/alert-dialog.tsx';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Spinner } from '../../../components/spinner.tsx';
import type { ManyPlace } from '../../../stores/dialogs.ts';
import { ITEMS_PER_REQUEST, inChunks } from '../../browser/actions/items.ts';
import { useTask } from '../../browser/dialogs/use-task.ts';
import { BulkCommandMenu } from '../../copy-command/bulk-command-menu.tsx';
import { problemsByField } from '../aspect-editor.ts';
import sheet from '../aspect-sheet.module.css';
import { ChangeList, Consequences } from '../change-list.tsx';
import styles from './bulk.module.css';
import type { BulkEditor } from './bulk-editor.ts';
import { type Scope, useScope } from './use-scope.ts';

/**
 * The sheet that changes many objects: what is to be done with each, what that comes to and
 * how many there are, and then a job in the transfer queue.
 */
export function BulkSheet<Draft>(props: {
  readonly editor: BulkEditor<Draft>;
  readonly place: ManyPlace;
  /** What should be known before anything else. */
  readonly notice?: ReactNode;
  readonly onClose: () => void;
}) {
  const { editor, place, onClose } = props;
  const { api, settings } = useServices();
  const [draft, setDraft] = useState(editor.initial);
  const [reviewing, setReviewing] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [complaints, setComplaints] = useState(0);
  const scope = useScope(place);
  const task = useTask();
  const body = useRef<HTMLDivElement>(null);
  const start = useRef<HTMLButtonElement>(null);
  const problems = editor.problems(draft);
  const changes = editor.changes(draft);
  const isTyped = JSON.stringify(draft) !== JSON.stringify(editor.initial);
  useUnfinished('edit', isTyped);

  useEffect(() => {
    if (complaints === 0) return;
    body.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [complaints]);
  useEffect(() => {
    if (reviewing) start.current?.focus();
  }, [reviewing]);

  function close(): void {
    if (task.busy) return;
    if (reviewing) setReviewing(false);
    else if (isTyped) setLeaving(true);
    else onClose();
  }

  function submit(): void {
    if (reviewing) run();
    else if (problems.length > 0) setComplaints((count) => count + 1);
    else if (changes.length > 0) {
      task.clear();
      setReviewing(true);
    }
  }

  function run(): void {
    const { items } = scope;
    if (items === null || items.length === 0) return;
    task.run(async () => {
      const { connectionId, bucket } = place;
      const change = editor.changeOf(draft);
      for (const chunk of inChunks(items, ITEMS_PER_REQUEST)) {
        await api.aspects.changeMany({ connectionId, bucket, items: [...chunk], change });
      }
      // How far it is and what went wrong is told there.
      settings.change({ transfersVisible: true });
      onClose();
    });
  }

  return (
    <>
      <Dialog
        open
        size="roomy"
        title={editor.title}
        description={<ScopeLine place={place} scope={scope} />}
        onClose={close}
        onSubmit={submit}
        footerStart={
          reviewing && <BulkCommandMenu place={place} change={editor.changeOf(draft)} />
        }
        footer={
          reviewing ? (
            <>
              <Button disabled={task.busy} onClick={() => setReviewing(false)}>
                Back
              </Button>
              <Button
                ref={start}
                type="submit"
                variant="primary"
                busy={task.busy}
                disabled={scope.items === null || scope.items.length === 0}
              >
                Start
              </Button>
            </>
          ) : (
            <>
              <Button onClick={close}>Cancel</Button>
              <Button type="submit" variant="primary" disabled={changes.length === 0}>
                Review Changes…
              </Button>
            </>
          )
        }
      >
        <div ref={body} className={sheet.body}>
          {props.notice}
          {reviewing ? (
            <>
              <p className={sheet.lead}>This is done with each object:</p>
              <ChangeList label="What will change" changes={changes} />
              <Consequences items={editor.consequences(draft)} />
              <p className={sheet.lead}>
                It runs in the transfer queue: it can be paused, goes on after a restart,
                and objects that could not be changed are listed there to be tried again.
              </p>
            </>
          ) : (
            <editor.Form
              draft={draft}
              problems={problemsByField(problems, complaints > 0)}
              onChange={setDraft}
            />
          )}
          <div aria-live="assertive">
            {task.problem !== undefined && (
              <p className={sheet.problem}>{task.problem}</p>
            )}
          </div>
        </div>
      </Dialog>
      <AlertDialog
        open={leaving}
        title="Discard what you typed?"
        cancelLabel="Keep Editing"
        onCancel={() => setLeaving(false)}
        actions={[{ label: 'Discard', variant: 'danger', onSelect: onClose }]}
      >
        Nothing has been changed.
      </AlertDialog>
    </>
  );
}

/** Which objects, and how many they are so far. */
function ScopeLine({
  place,
  scope,
}: {
  readonly place: ManyPlace;
  readonly scope: Scope;
}) {
  const { format } = useServices();
  const { items, count, error } = scope;
  const only = place.items?.length === 1 ? place.items[0] : undefined;
  const where = `s3://${place.bucket}/${only === undefined ? '' : only.key}`;
  const objects = (number: number): string =>
    `${format.count(number)} ${number === 1 ? 'object' : 'objects'}`;
  let number: ReactNode;
  if (error !== null) number = `${errorText(serializeError(error)).title}.`;
  else if (items === null) number = 'Looking at what is there…';
  else if (!items.some(({ folder }) => folder)) number = objects(items.length);
  else if (count.phase === 'counting') {
    number = (
      <>
        <Spinner size={13} /> {objects(count.objects)} so far…
        <Button variant="plain" onClick={scope.stopCounting}>
          Stop Counting
        </Button>
      </>
    );
  } else if (count.phase === 'failed' || count.phase === 'cancelled' || !count.complete) {
    number = `${objects(count.objects)} at least`;
  } else number = objects(count.objects);
  return (
    <>
      <span className={sheet.place}>
        {place.items === null || only !== undefined
          ? where
          : `${format.count(place.items.length)} selected items in ${where}`}
      </span>
      <span className={styles.scope} aria-live="polite">
        {number}
      </span>
    </>
  );
}
