import type { RefObject } from 'react';
import type { AspectName } from '../../../shared/domain/aspects.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import type { RunningEditor } from './use-editor.ts';

/** Left of the footer: back to what is on the server, and to what was there before. */
export function SheetStart<Name extends AspectName, Draft>({
  running,
}: {
  readonly running: RunningEditor<Name, Draft>;
}) {
  const { format } = useServices();
  const { used, step, changes } = running;
  if (used.state.phase !== 'ready' || step.kind !== 'edit') return null;
  if (used.state.locked !== null) return null;
  return (
    <>
      <Button disabled={changes.length === 0} onClick={running.revert}>
        Revert
      </Button>
      {used.earlier.length > 0 && (
        <Menu
          trigger={<Button hasMenu>Earlier States</Button>}
          items={used.earlier.map((state) => ({
            kind: 'item',
            id: String(state.id),
            label: `Until ${format.date(state.replacedAt)}`,
            onSelect: () => running.go({ kind: 'earlier', state }),
          }))}
        />
      )}
    </>
  );
}

/** Right of the footer: the ways on. */
export function SheetEnd<Name extends AspectName, Draft>({
  running,
  expected,
  onClose,
}: {
  readonly running: RunningEditor<Name, Draft>;
  /** The button that is expected to be pressed next, in other steps than the form. */
  readonly expected: RefObject<HTMLButtonElement | null>;
  readonly onClose: () => void;
}) {
  const { used, step, changes, busy } = running;
  const back = (
    <Button disabled={busy} onClick={() => running.go({ kind: 'edit' })}>
      Back
    </Button>
  );
  if (
    used.state.phase !== 'ready' ||
    used.state.locked !== null ||
    step.kind === 'after'
  ) {
    return (
      <Button ref={expected} variant="primary" onClick={onClose}>
        {step.kind === 'after' ? 'Done' : 'Close'}
      </Button>
    );
  }
  switch (step.kind) {
    case 'review':
      return (
        <>
          {back}
          <Button ref={expected} type="submit" variant="primary" busy={busy}>
            Save
          </Button>
        </>
      );
    case 'earlier':
      return (
        <>
          {back}
          <Button
            ref={expected}
            type="submit"
            variant="primary"
            busy={busy}
            disabled={changes.length === 0}
          >
            Go Back to This
          </Button>
        </>
      );
    case 'conflict':
      return (
        <>
          <Button disabled={busy} onClick={running.reload}>
            Reload
          </Button>
          {step.shown ? (
            <Button variant="danger" busy={busy} onClick={() => running.save()}>
              Save Mine over It
            </Button>
          ) : (
            <Button
              ref={expected}
              variant="primary"
              onClick={() => running.go({ ...step, shown: true })}
            >
              Look at the Difference
            </Button>
          )}
        </>
      );
    default:
      return (
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={changes.length === 0}>
            Review Changes…
          </Button>
        </>
      );
  }
}
