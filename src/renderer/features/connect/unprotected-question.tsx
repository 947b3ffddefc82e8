import { AlertDialog } from '../../components/alert-dialog.tsx';

/** Props of {@link UnprotectedQuestion}. */
export interface UnprotectedQuestionProps {
  readonly open: boolean;
  readonly onCancel: () => void;
  readonly onAnswer: (target: 'session' | 'unprotected') => void;
}

/** Asked before a secret is saved on a computer without a keychain. */
export function UnprotectedQuestion({
  open,
  onCancel,
  onAnswer,
}: UnprotectedQuestionProps) {
  return (
    <AlertDialog
      open={open}
      title="This computer has no keychain for the secret key"
      onCancel={onCancel}
      actions={[
        { label: 'Store Without Protection', onSelect: () => onAnswer('unprotected') },
        {
          label: 'Keep for This Session',
          variant: 'primary',
          onSelect: () => onAnswer('session'),
        },
      ]}
    >
      <p>
        Kept for this session, the secret is forgotten when Dipper quits and you enter it
        again next time. Stored without protection, every program that runs under your
        name can read it.
      </p>
    </AlertDialog>
  );
}
