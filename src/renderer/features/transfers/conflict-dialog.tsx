import { useState } from 'react';
import { useStore } from 'zustand';
import type { ConflictAnswer, TransferRow } from '../../../shared/domain/transfer.ts';
import { useServices } from '../../app/services.ts';
import { AlertDialog } from '../../components/alert-dialog.tsx';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { Menu } from '../../components/menu.tsx';
import type { MenuEntry } from '../../components/menu-entries.tsx';
import { displayName } from '../browser/model/display-name.ts';
import styles from './conflict-dialog.module.css';
import { OpenUploadQuestion } from './open-upload-question.tsx';

/** Asks what to do about the oldest conflict, if there is one. */
export function ConflictDialog() {
  const { transfers } = useServices();
  const row = useStore(transfers.store, (state) => state.conflict);
  return row === null ? null : <Question key={row.id} row={row} />;
}

function Question({ row }: { readonly row: TransferRow }) {
  const { api, transfers, reportError } = useServices();
  const [forAll, setForAll] = useState(false);
  const name = displayName(row.name);
  const download = row.kind === 'download';
  const { conflict } = row;
  const more = useStore(
    transfers.store,
    (state) => (state.totals?.conflicts ?? 1) > 1 || (state.totals?.queued ?? 0) > 0,
  );
  const newer = newerSide(row);

  function answer(choice: ConflictAnswer): void {
    api.transfers
      .answerConflict({ id: row.id, answer: choice, forAll })
      .catch(reportError)
      .finally(() => transfers.conflictAnswered());
  }

  if (conflict?.openUpload !== undefined) {
    return (
      <OpenUploadQuestion row={row} upload={conflict.openUpload} onAnswer={answer} />
    );
  }
  return (
    <AlertDialog
      open
      title={`“${name}” exists already`}
      cancelLabel="Cancel"
      onCancel={() => answer('cancel')}
      others={
        <Menu
          trigger={<Button hasMenu>More</Button>}
          items={() => otherAnswers(row, forAll, answer)}
        />
      }
      actions={[
        { label: 'Keep Both', onSelect: () => answer('rename') },
        { label: 'Skip', onSelect: () => answer('skip') },
        { label: 'Overwrite', variant: 'primary', onSelect: () => answer('overwrite') },
      ]}
    >
      <p>{`${whereText(row)} Overwriting replaces it.`}</p>
      {row.note !== '' && <p className={styles.note}>{row.note}</p>}
      <table className={styles.sides}>
        <thead>
          <tr>
            <th scope="col">Which</th>
            <th scope="col">Size</th>
            <th scope="col">Modified</th>
          </tr>
        </thead>
        <tbody>
          <Side
            label={sourceLabel(row)}
            size={conflict?.sourceSize ?? null}
            modified={conflict?.sourceModified ?? null}
            isNewer={newer === 'source'}
          />
          <Side
            label={download ? 'On this computer' : 'In the bucket'}
            size={conflict?.targetSize ?? null}
            modified={conflict?.targetModified ?? null}
            isNewer={newer === 'target'}
          />
        </tbody>
      </table>
      {more && (
        <Checkbox
          label="Do this for all conflicts of this batch"
          checked={forAll}
          onChange={setForAll}
        />
      )}
    </AlertDialog>
  );
}

function whereText({ kind, bucket }: TransferRow): string {
  if (kind === 'upload') return `The bucket ${bucket} has an object of this name.`;
  return kind === 'download'
    ? 'The folder on this computer has a file of this name.'
    : 'There is an object of this name already.';
}

function sourceLabel({ kind }: TransferRow): string {
  if (kind === 'upload') return 'Your file';
  return kind === 'download' ? 'From the bucket' : 'The one to copy';
}

/** Which side was changed later; `null` where that is not known, or neither was. */
function newerSide({ conflict }: TransferRow): 'source' | 'target' | null {
  const source = conflict?.sourceModified ?? null;
  const target = conflict?.targetModified ?? null;
  if (source === null || target === null) return null;
  // Fractions of a second get lost on the way.
  if (Math.abs(source - target) < 1_000) return null;
  return source > target ? 'source' : 'target';
}

/** What fits the case besides the usual answers. */
function otherAnswers(
  row: TransferRow,
  forAll: boolean,
  answer: (choice: ConflictAnswer) => void,
): readonly MenuEntry[] {
  const item = (id: ConflictAnswer, label: string, disabled = false): MenuEntry => ({
    kind: 'item',
    id,
    label,
    disabled,
    onSelect: () => answer(id),
  });
  const resumable = row.kind === 'download' && row.conflict?.resumable !== false;
  return [
    item('newer', 'Overwrite If Newer'),
    item('different', 'Overwrite If Different'),
    // One that cannot be gone on with says so itself when it is about many.
    item('resume', 'Resume', !forAll && !resumable),
    { kind: 'separator', id: 'both' },
    item('rename-existing', 'Keep Both, Rename the Existing One'),
  ];
}

function Side(props: {
  readonly label: string;
  readonly size: number | null;
  readonly modified: number | null;
  readonly isNewer: boolean;
}) {
  const { format } = useServices();
  return (
    <tr>
      <th scope="row">{props.label}</th>
      <td>{props.size === null ? 'Not known' : format.bytes(props.size)}</td>
      <td>
        {props.modified === null ? 'Not known' : format.date(props.modified)}
        {props.isNewer && <span className={styles.newer}>newer</span>}
      </td>
    </tr>
  );
}
