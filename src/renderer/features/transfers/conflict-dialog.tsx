import { useState } from 'react';
import { useStore } from 'zustand';
import type { ConflictAnswer, TransferRow } from '../../../shared/domain/transfer.ts';
import { useServices } from '../../app/services.ts';
import { AlertDialog } from '../../components/alert-dialog.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { displayName } from '../browser/model/display-name.ts';
import styles from './conflict-dialog.module.css';

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
  const upload = row.kind === 'upload';
  const more = useStore(
    transfers.store,
    (state) => (state.totals?.conflicts ?? 1) > 1 || (state.totals?.queued ?? 0) > 0,
  );

  function answer(choice: ConflictAnswer): void {
    api.transfers
      .answerConflict({ id: row.id, answer: choice, forAll })
      .catch(reportError)
      .finally(() => transfers.conflictAnswered());
  }

  return (
    <AlertDialog
      open
      title={`“${name}” exists already`}
      cancelLabel="Cancel"
      onCancel={() => answer('cancel')}
      actions={[
        { label: 'Keep Both', onSelect: () => answer('rename') },
        { label: 'Skip', onSelect: () => answer('skip') },
        { label: 'Overwrite', variant: 'primary', onSelect: () => answer('overwrite') },
      ]}
    >
      <p>
        {upload
          ? `The bucket ${row.bucket} has an object of this name. Overwriting replaces it.`
          : 'The folder on this computer has a file of this name. Overwriting replaces it.'}
      </p>
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
            label={upload ? 'Your file' : 'From the bucket'}
            size={row.conflict?.sourceSize ?? null}
            modified={row.conflict?.sourceModified ?? null}
          />
          <Side
            label={upload ? 'In the bucket' : 'On this computer'}
            size={row.conflict?.targetSize ?? null}
            modified={row.conflict?.targetModified ?? null}
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

function Side(props: {
  readonly label: string;
  readonly size: number | null;
  readonly modified: number | null;
}) {
  const { format } = useServices();
  return (
    <tr>
      <th scope="row">{props.label}</th>
      <td>{props.size === null ? 'Not known' : format.bytes(props.size)}</td>
      <td>{props.modified === null ? 'Not known' : format.date(props.modified)}</td>
    </tr>
  );
}
