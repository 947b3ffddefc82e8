import { Zap } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ConnectionDraft, SecretInput } from '../../../shared/domain/bookmark.ts';
import type { AppError } from '../../../shared/errors/error.ts';
import { toAppError } from '../../bridge/api.ts';
import { Button } from '../../components/button.tsx';
import { Checkbox } from '../../components/checkbox.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { FailureBanner } from '../../components/failure-banner.tsx';
import { Field } from '../../components/field.tsx';
import { PasswordInput } from '../../components/password-input.tsx';
import { TextInput } from '../../components/text-input.tsx';
import type { FieldName } from './check-form.ts';
import styles from './quick-connect-bar.module.css';
import { checkQuick, type QuickForm, quickSummary } from './quick-form.ts';

/** Props of {@link QuickConnectBar} and {@link QuickConnectDialog}. */
export interface QuickConnectProps {
  /** Connects without saving. Rejects with an `AppError`, which is shown in place. */
  readonly onConnect: (
    draft: ConnectionDraft,
    secret: SecretInput | null,
  ) => Promise<void>;
  /** What the address field begins with. */
  readonly address?: string;
}

const EMPTY: QuickForm = {
  address: '',
  accessKeyId: '',
  secretAccessKey: '',
  anonymous: false,
};

function useQuickForm(
  { onConnect, address: first }: QuickConnectProps,
  onDone: () => void,
) {
  const [form, setForm] = useState<QuickForm>({ ...EMPTY, address: first ?? '' });
  const [showsErrors, setShowsErrors] = useState(false);
  const [attempts, setAttempts] = useState(0);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const ref = useRef<HTMLDivElement>(null);
  const { errors, draft, secret } = checkQuick(form);

  useEffect(() => {
    if (attempts === 0) return;
    ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [attempts]);

  async function submit(): Promise<void> {
    if (isBusy) return;
    if (draft === null) {
      setShowsErrors(true);
      setAttempts((count) => count + 1);
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      await onConnect(draft, secret);
      onDone();
    } catch (error) {
      setFailure(toAppError(error));
    } finally {
      setBusy(false);
    }
  }
  const errorOf = (field: FieldName) => {
    const error = errors[field];
    return showsErrors && error !== undefined ? { error } : {};
  };
  const fields: ReactNode = (
    <div ref={ref} className={styles.fields}>
      <div className={styles.address}>
        <Field
          layout="top"
          label="Server or address"
          hint={quickSummary(form.address)}
          {...errorOf('endpoint')}
        >
          <TextInput
            value={form.address}
            placeholder="s3.example.com or s3://bucket/path"
            onChange={(address) => setForm({ ...form, address })}
          />
        </Field>
      </div>
      <div className={styles.key}>
        <Field layout="top" label="Access key" {...errorOf('accessKeyId')}>
          <TextInput
            code
            disabled={form.anonymous}
            value={form.accessKeyId}
            onChange={(accessKeyId) => setForm({ ...form, accessKeyId })}
          />
        </Field>
      </div>
      <div className={styles.key}>
        <Field layout="top" label="Secret key" {...errorOf('secretAccessKey')}>
          <PasswordInput
            what="secret key"
            disabled={form.anonymous}
            value={form.secretAccessKey}
            onChange={(secretAccessKey) => setForm({ ...form, secretAccessKey })}
          />
        </Field>
      </div>
    </div>
  );
  const anonymous: ReactNode = (
    <Checkbox
      label="Anonymous"
      checked={form.anonymous}
      onChange={(isAnonymous) => setForm({ ...form, anonymous: isAnonymous })}
    />
  );
  return { fields, anonymous, failure, isBusy, submit };
}

/** Connects without saving, from one line. For the window's welcome state. */
export function QuickConnectBar(props: QuickConnectProps) {
  const quick = useQuickForm(props, () => undefined);
  return (
    <form
      noValidate
      aria-label="Quick connect"
      className={styles.bar}
      onSubmit={(event) => {
        event.preventDefault();
        void quick.submit();
      }}
    >
      {quick.fields}
      <div className={styles.end}>
        {quick.anonymous}
        <Button
          type="submit"
          variant="primary"
          busy={quick.isBusy}
          icon={<Zap size={14} aria-hidden="true" />}
        >
          Connect
        </Button>
      </div>
      {quick.failure !== null && (
        <FailureBanner className={styles.failure} error={quick.failure} />
      )}
    </form>
  );
}

/** The quick-connect line as a dialog, for the command and its shortcut. */
export function QuickConnectDialog(
  props: QuickConnectProps & { readonly onClose: () => void },
) {
  const quick = useQuickForm(props, props.onClose);
  return (
    <Dialog
      open
      size="large"
      title="Quick Connect"
      onClose={props.onClose}
      onSubmit={() => void quick.submit()}
      footerStart={quick.anonymous}
      footer={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={quick.isBusy}>
            Connect
          </Button>
        </>
      }
    >
      {quick.fields}
      {quick.failure !== null && (
        <FailureBanner className={styles.failure} error={quick.failure} />
      )}
    </Dialog>
  );
}
