import type { StoreApi } from 'zustand/vanilla';
import type { AspectEditor } from '../aspects/aspect-editor.ts';
import { type CorsDraft, corsDraft, corsProblems, corsValue } from './cors-draft.ts';
import { CorsForm } from './cors-form.tsx';
import { LabAfter } from './lab/lab-after.tsx';
import type { LabState } from './lab/lab-state.ts';
import { corsChanges, corsConsequences } from './rule-changes.ts';

/** Edits the CORS rules of a bucket; what was asked in the lab is asked again after a save. */
export function createCorsEditor(
  lab: StoreApi<LabState>,
): AspectEditor<'cors', CorsDraft> {
  return {
    aspect: 'cors',
    title: () => 'CORS Rules',
    description: () => 'Which web pages may reach this bucket with their scripts.',
    draftOf: (rules) => ({
      ...corsDraft(rules),
      // After a save one comes back to where one asked.
      view: lab.getState().exchange === null ? 'form' : 'lab',
    }),
    valueOf: corsValue,
    problems: corsProblems,
    changes: corsChanges,
    consequences: corsConsequences,
    Form: CorsForm,
    after: { follows: () => lab.getState().exchange !== null, Content: LabAfter },
  };
}
