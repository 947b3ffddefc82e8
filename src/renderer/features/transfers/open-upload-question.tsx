import type {
  ConflictAnswer,
  OpenUpload,
  TransferRow,
} from '../../../shared/domain/transfer.ts';
import { useServices } from '../../app/services.ts';
import { AlertDialog } from '../../components/alert-dialog.tsx';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { displayName } from '../browser/model/display-name.ts';

/** Shortest age that is told, s: less than that is a moment. */
const MOMENT_S = 60;

/** Asks what to do about an unfinished upload of the same file that is there already. */
export function OpenUploadQuestion(props: {
  readonly row: TransferRow;
  readonly upload: OpenUpload;
  readonly onAnswer: (answer: ConflictAnswer) => void;
}) {
  const { row, upload, onAnswer } = props;
  const { format } = useServices();
  const name = displayName(row.name);
  const { partsThere, partCount } = upload;
  const parts = `${format.count(partsThere)} of ${format.count(partCount)} parts`;
  const there = partCount === 1 ? 'all of it' : parts;
  return (
    <AlertDialog
      open
      title={`“${name}” is half uploaded already`}
      cancelLabel="Cancel"
      onCancel={() => onAnswer('cancel')}
      others={
        <Menu
          trigger={<Button hasMenu>More</Button>}
          items={() => [
            {
              kind: 'item',
              id: 'discard-upload',
              label: 'Start Anew and Discard It',
              disabled: false,
              onSelect: () => onAnswer('discard-upload'),
            },
            {
              kind: 'item',
              id: 'skip',
              label: 'Skip This File',
              disabled: false,
              onSelect: () => onAnswer('skip'),
            },
          ]}
        />
      }
      actions={[
        { label: 'Start Anew', onSelect: () => onAnswer('start-anew') },
        {
          label: 'Continue It',
          variant: 'primary',
          onSelect: () => onAnswer('continue-upload'),
        },
      ]}
    >
      <p>
        {`An unfinished upload of this file is there: ${there}${begunText(upload.begunAt, format.duration)}.`}
      </p>
      <p>
        What is there has the content of your file. Continuing sends the rest; the type
        and metadata stay those it was begun with. Starting anew leaves it alone: another
        program may be at it.
      </p>
    </AlertDialog>
  );
}

/** How long ago, in the one largest unit; empty when nobody said. */
function begunText(
  begunAt: number | null,
  duration: (seconds: number) => string,
): string {
  if (begunAt === null) return '';
  const age = (Date.now() - begunAt) / 1_000;
  if (age < MOMENT_S) return ', begun a moment ago';
  return `, begun ${duration(age).split(', ')[0] ?? ''} ago`;
}
