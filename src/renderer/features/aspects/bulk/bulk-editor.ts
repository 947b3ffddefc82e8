import type { ComponentType } from 'react';
import type { BulkChange } from '../../../../shared/domain/aspects.ts';
import type { ChangeLine, Consequence, Problem, Problems } from '../aspect-editor.ts';

/** What the form of a change of many objects is given. */
export interface BulkFormProps<Draft> {
  readonly draft: Draft;
  readonly onChange: (update: (draft: Draft) => Draft) => void;
  readonly problems: Problems;
}

/** A change of many objects, as the sheet runs it. */
export interface BulkEditor<Draft> {
  readonly title: string;
  /** Nothing is changed by it. */
  readonly initial: Draft;
  readonly problems: (draft: Draft) => readonly Problem[];
  readonly changeOf: (draft: Draft) => BulkChange;
  /** What it does to each object; empty: nothing. */
  readonly changes: (draft: Draft) => readonly ChangeLine[];
  readonly consequences: (draft: Draft) => readonly Consequence[];
  readonly Form: ComponentType<BulkFormProps<Draft>>;
}
