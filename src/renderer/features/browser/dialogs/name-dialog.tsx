import { type ReactNode, useRef, useState } from 'react';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Field } from '../../../components/field.tsx';
import { TextInput } from '../../../components/text-input.tsx';
import { useTask } from './use-task.ts';

/** Props of {@link NameDialog}. */
export interface NameDialogProps {
  readonly title: string;
  readonly description?: string;
  readonly label: string;
  readonly initial?: string;
  /** Characters of `initial` that are selected at first; all unless told. */
  readonly selected?: number;
  readonly placeholder?: string;
  readonly confirm: string;
  readonly code?: boolean;
  /** Why the text will not do, or `null`. */
  readonly problem: (text: string) => string | null;
  readonly warning?: (text: string) => string | undefined;
  readonly hint?: (text: string) => ReactNode;
  /** Does it. Rejects with an AppError, or resolves with a reason, to stay open. */
  readonly onConfirm: (text: string) => Promise<string | void>;
  readonly onClose: () => void;
  /** More fields under the name. */
  readonly children?: ReactNode;
}

/** Asks for one line of text and says what is wrong with it. */
export function NameDialog(props: NameDialogProps) {
  const [text, setText] = useState(props.initial ?? '');
  const [touched, setTouched] = useState(false);
  const [refused, setRefused] = useState<{
    readonly text: string;
    readonly reason: string;
  } | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const task = useTask();
  const { initial = '', selected = initial.length } = props;
  const isNew = useRef(true);

  const wrong = props.problem(text) ?? (refused?.text === text ? refused.reason : null);
  // An empty field is no mistake until one tries to go on.
  const shown = wrong !== null && (touched || text !== '') ? wrong : undefined;
  const warning = wrong === null ? props.warning?.(text) : undefined;

  function submit(): void {
    setTouched(true);
    if (wrong !== null) {
      input.current?.focus();
      return;
    }
    task.run(async () => {
      const reason = await props.onConfirm(text);
      if (typeof reason === 'string') setRefused({ text, reason });
      else props.onClose();
    });
  }

  return (
    <Dialog
      open
      title={props.title}
      {...(props.description === undefined ? {} : { description: props.description })}
      size="small"
      initialFocus={input}
      onClose={props.onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={props.onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={task.busy}>
            {props.confirm}
          </Button>
        </>
      }
    >
      <Field
        layout="top"
        label={props.label}
        error={shown ?? task.problem}
        warning={warning}
        hint={props.hint?.(text)}
      >
        <TextInput
          ref={input}
          value={text}
          code={props.code ?? false}
          placeholder={props.placeholder}
          onFocus={(event) => {
            // The dialog's own focus puts the caret at the end; only the first time
            // the part one is likely to replace is selected.
            if (!isNew.current) return;
            isNew.current = false;
            const field = event.currentTarget;
            requestAnimationFrame(() => field.setSelectionRange(0, selected));
          }}
          onChange={(value) => {
            setText(value);
            task.clear();
          }}
        />
      </Field>
      {props.children}
    </Dialog>
  );
}
