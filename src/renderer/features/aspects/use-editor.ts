import { useMemo, useState } from 'react';
import type { AspectName, Place } from '../../../shared/domain/aspects.ts';
import type { AppError } from '../../../shared/errors/error.ts';
import {
  type AspectEditor,
  type AspectValue,
  type ChangeLine,
  type Consequence,
  type Problems,
  problemsByField,
} from './aspect-editor.ts';
import {
  type AspectState,
  type EarlierValue,
  type UsedAspect,
  useAspect,
  type WriteOptions,
} from './use-aspect.ts';

/** What the sheet is at. */
export type EditorStep<Name extends AspectName> =
  | { readonly kind: 'edit' }
  /** The changes before they are sent. */
  | { readonly kind: 'review' }
  /** An earlier state and what going back to it changes. */
  | { readonly kind: 'earlier'; readonly state: EarlierValue<Name> }
  /** Somebody else changed it: `theirs` is how it is now, on the server. */
  | {
      readonly kind: 'conflict';
      readonly theirs: Ready<Name>;
      /** What was to be saved. */
      readonly mine: AspectValue<Name>;
      /** The difference is being looked at. */
      readonly shown: boolean;
    }
  /** Saved; what came of it is shown. */
  | { readonly kind: 'after' };

/** A value that was read. */
export type Ready<Name extends AspectName> = Extract<
  AspectState<Name>,
  { readonly phase: 'ready' }
>;

/** What a save changed. */
export interface Saved<Name extends AspectName> {
  readonly before: AspectValue<Name>;
  readonly after: AspectValue<Name>;
  readonly revision: string;
  /** What it was allowed to cost; its way back may, too. */
  readonly options: WriteOptions;
}

/** An editor at work. */
export interface RunningEditor<Name extends AspectName, Draft> {
  readonly used: UsedAspect<Name>;
  readonly draft: Draft | null;
  readonly step: EditorStep<Name>;
  readonly busy: boolean;
  /** Why the last try failed. */
  readonly error: AppError | null;
  readonly problems: Problems;
  /** What the step would save; not there until something was read. */
  readonly target: AspectValue<Name> | undefined;
  /** From the server's state to what is about to be saved. */
  readonly changes: readonly ChangeLine[];
  readonly consequences: readonly Consequence[];
  /** Grows with each try to go on in spite of problems: go to the first. */
  readonly complaints: number;
  readonly change: (update: (draft: Draft) => Draft) => void;
  readonly revert: () => void;
  readonly go: (step: EditorStep<Name>) => void;
  /** To the review, unless something is wrong or nothing changed. */
  readonly review: () => void;
  /** Sends what the step shows. */
  readonly save: (options?: WriteOptions) => void;
  /** What went wrong was read. */
  readonly dismissError: () => void;
  /** Throws away what was typed and shows what is on the server. */
  readonly reload: () => void;
}

/** Runs an editor: the draft, its problems, the steps up to the save and after it. */
export function useEditor<Name extends AspectName, Draft>(
  editor: AspectEditor<Name, Draft>,
  place: Place,
  onSaved: (saved: Saved<Name>, stays: boolean) => void,
): RunningEditor<Name, Draft> {
  const used = useAspect(place, editor.aspect, { withEarlier: true });
  const ready = used.state.phase === 'ready' ? used.state : null;
  const base = ready?.value;
  /** What was typed over the state with that revision. */
  const [typed, setTyped] = useState<{ readonly draft: Draft } | null>(null);
  const [step, setStep] = useState<EditorStep<Name>>({ kind: 'edit' });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  const [complaints, setComplaints] = useState(0);

  const initial = useMemo(
    () => (base === undefined ? null : editor.draftOf(base, place)),
    [editor, base, place],
  );
  const draft = typed?.draft ?? initial;
  const wrong = draft === null ? [] : editor.problems(draft, place);
  const target =
    targetOf(step) ?? (draft === null ? undefined : editor.valueOf(draft, place));
  const from = step.kind === 'conflict' ? step.theirs.value : base;
  const known = from !== undefined && target !== undefined;
  const changes = known ? editor.changes(from, target) : [];
  const consequences = known ? (editor.consequences?.(from, target, place) ?? []) : [];

  function go(next: EditorStep<Name>): void {
    setError(null);
    setStep(next);
  }

  async function send(options: WriteOptions): Promise<void> {
    const over = step.kind === 'conflict' ? step.theirs : ready;
    if (over === null || target === undefined) return;
    const outcome = await used.write(target, over.revision, options);
    if (outcome.kind === 'failed') {
      setError(outcome.error);
      return;
    }
    if (outcome.kind === 'partly') {
      // What was typed is on the server now.
      setTyped(null);
      go({ kind: 'edit' });
      setError(outcome.error);
      used.reload();
      return;
    }
    if (outcome.kind === 'changed') {
      if (outcome.now.phase === 'ready') {
        go({ kind: 'conflict', theirs: outcome.now, mine: target, shown: false });
      } else used.take(outcome.now);
      return;
    }
    const { now } = outcome;
    const stays = editor.after?.follows(over.value, target, place) ?? false;
    used.take(now);
    setTyped(null);
    go({ kind: stays ? 'after' : 'edit' });
    if (now.phase === 'ready') {
      const { value: after, revision } = now;
      onSaved({ before: over.value, after, revision, options }, stays);
    }
  }

  return {
    used,
    draft,
    step,
    busy,
    error,
    problems: problemsByField(wrong, complaints > 0),
    target,
    changes,
    consequences,
    complaints,
    change: (update) => {
      if (draft !== null) setTyped({ draft: update(draft) });
    },
    revert: () => {
      setTyped(null);
      setComplaints(0);
      go({ kind: 'edit' });
    },
    go,
    review: () => {
      if (wrong.length > 0) setComplaints((count) => count + 1);
      else if (changes.length > 0) go({ kind: 'review' });
    },
    save: (options = {}) => {
      if (busy) return;
      setBusy(true);
      setError(null);
      void send(options).finally(() => setBusy(false));
    },
    dismissError: () => setError(null),
    reload: () => {
      setTyped(null);
      setComplaints(0);
      go({ kind: 'edit' });
      used.reload();
    },
  };
}

/** What a step would save, where that is not what was typed. */
function targetOf<Name extends AspectName>(
  step: EditorStep<Name>,
): AspectValue<Name> | undefined {
  if (step.kind === 'earlier') return step.state.value;
  return step.kind === 'conflict' ? step.mine : undefined;
}
