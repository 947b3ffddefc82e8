/* oxlint-disable jsx-a11y/prefer-tag-over-role -- an output belongs to a form; this is a status */
import { useEffect, useState } from 'react';
import type { TransferPreview } from '../../../shared/contract/transfers.ts';
import type { ConflictPolicy } from '../../../shared/domain/transfer.ts';
import { useServices } from '../../app/services.ts';
import { useUnfinished } from '../../app/use-unfinished.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { ChoiceList } from '../../components/choice-list.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Spinner } from '../../components/spinner.tsx';
import { displayName } from '../browser/model/display-name.ts';
import { ASK, policyWords } from './conflict-words.ts';
import styles from './start-dialog.module.css';
import { needsQuestion, type TransferStart } from './start-transfer.ts';

/** Props of {@link StartDialog}. */
export interface StartDialogProps {
  readonly transfer: TransferStart;
  /** Answers `null` when it could not be counted. */
  readonly counting: Promise<TransferPreview | null>;
  /** What was counted already. */
  readonly preview: TransferPreview | null;
  readonly onClose: () => void;
}

/**
 * Says before a transfer starts how much of it is there already, and asks once what to do.
 * While it is counted, one may start at once.
 */
export function StartDialog({ transfer, counting, onClose, ...props }: StartDialogProps) {
  const { starter, format, reportError } = useServices();
  useUnfinished('start');
  const [preview, setPreview] = useState(props.preview);
  const [choice, setChoice] = useState<ConflictPolicy>('ask');
  const [includesHidden, setIncludesHidden] = useState(false);
  const upload = transfer.kind === 'upload';
  const verb = upload ? 'Upload' : 'Download';

  function begin(conflict: ConflictPolicy): void {
    onClose();
    const hidden = includesHidden ? 'include' : 'leave-out';
    starter.begin(transfer, conflict, hidden).catch(reportError);
  }

  useEffect(() => {
    let stale = false;
    void counting.then((counted) => {
      if (stale) return undefined;
      if (needsQuestion(counted)) setPreview(counted);
      else begin('ask');
      return undefined;
    });
    return () => {
      stale = true;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- counted once per dialog
  }, [counting]);

  if (preview === null) {
    return (
      <Dialog
        open
        size="small"
        title={`${verb}: looking for what is there already`}
        onClose={onClose}
        onSubmit={() => begin('ask')}
        footer={
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary">
              Start Now
            </Button>
          </>
        }
      >
        <p className={styles.counting} role="status">
          <Spinner size={14} />
          Still counting. Started now, you are asked about each file that is there.
        </p>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      title={titleOf(preview, format.count)}
      description={descriptionOf(transfer, preview, format.bytes)}
      onClose={onClose}
      onSubmit={() => begin(choice)}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary">
            {verb}
          </Button>
        </>
      }
    >
      <ChoiceList
        label="What to do with them"
        value={choice}
        onChange={setChoice}
        choices={[ASK, ...policyWords(transfer.kind)]}
      />
      {upload && preview.hidden > 0 && (
        <div className={styles.hidden}>
          <Checkbox
            label={`Upload ${
              preview.hidden === 1
                ? 'the hidden item'
                : `the ${format.count(preview.hidden)} hidden items`
            }, too`}
            hint={`${
              preview.hidden === 1
                ? '1 hidden item was found'
                : `${format.count(preview.hidden)} hidden items were found`
            }, such as .DS_Store, which the bookmark’s rules leave out.`}
            checked={includesHidden}
            onChange={setIncludesHidden}
          />
        </div>
      )}
    </Dialog>
  );
}

function titleOf(preview: TransferPreview, count: (value: number) => string): string {
  const { conflicts, files, complete, first } = preview;
  if (conflicts === 1 && first !== null && complete) {
    return `“${displayName(first)}” is there already`;
  }
  const some = complete ? count(conflicts) : `${count(conflicts)} or more`;
  const of = complete ? `${count(files)} files` : `more than ${count(files)} files`;
  return `${some} of ${of} are already there`;
}

function descriptionOf(
  transfer: TransferStart,
  preview: TransferPreview,
  bytes: (value: number) => string,
): string {
  const upload = transfer.kind === 'upload';
  const where = upload ? `${transfer.bucket}/${transfer.prefix}` : transfer.folder;
  const size = upload && preview.complete ? ` (${bytes(preview.bytes)} in all)` : '';
  const them = preview.conflicts === 1 ? 'it' : 'them';
  const verb = upload ? 'uploaded' : 'downloaded';
  const hasRest = !preview.complete || preview.conflicts < preview.files;
  const rest = hasRest ? `; the rest is ${verb} as it is` : '';
  return `Into ${displayName(where)}${size}. Choose what happens to ${them}${rest}.`;
}
