import type { ComponentType } from 'react';
import type { Aspect, AspectName, Place } from '../../../shared/domain/aspects.ts';

/** The values of the aspects by name, as the contract pairs them. */
type AspectValues = {
  readonly [A in Aspect as A['aspect']]: A['value'];
};
/** The value of an aspect, such as a list of tags. */
export type AspectValue<Name extends AspectName> = AspectValues[Name];

/** One line of what a save changes, as people compare it. */
export type ChangeLine =
  | { readonly kind: 'added'; readonly label: string; readonly after: string }
  | { readonly kind: 'removed'; readonly label: string; readonly before: string }
  | {
      readonly kind: 'changed';
      readonly label: string;
      readonly before: string;
      readonly after: string;
    }
  /** The same, at another place of a list whose order counts. */
  | { readonly kind: 'moved'; readonly label: string; readonly value: string };

/** Something a change brings with it that must be known before it is sent. */
export interface Consequence {
  /** `danger`: strangers get in, or somebody is locked out. */
  readonly tone: 'info' | 'warning' | 'danger';
  readonly text: string;
}

/** Something wrong in what was typed. */
export interface Problem {
  /** Where, as the form names its fields, such as `key:3`. */
  readonly field: string;
  /** What is wrong and what to do. */
  readonly message: string;
  /** Only not typed yet: said when one wants to go on, not before. */
  readonly missing?: boolean;
}

/** What is wrong, by field. */
export type Problems = ReadonlyMap<string, string>;

/** What the form of an editor is given. */
export interface FormProps<Draft> {
  readonly place: Place;
  readonly draft: Draft;
  readonly onChange: (update: (draft: Draft) => Draft) => void;
  readonly problems: Problems;
  /** It can be looked at and not changed. */
  readonly readOnly: boolean;
}

/**
 * An editor of one aspect as the sheet runs it: pure functions between the value on the
 * server and the draft one types in, and the form. The sheet does the rest: reading,
 * locks, the review, saving, conflicts, refusals and earlier states.
 */
export interface AspectEditor<Name extends AspectName, Draft> {
  readonly aspect: Name;
  /** Title of the sheet for a bucket or an object. */
  readonly title: (place: Place) => string;
  /** A sentence under it, where one helps. */
  readonly description?: (place: Place) => string;
  readonly draftOf: (value: AspectValue<Name>, place: Place) => Draft;
  /** What would be saved. Drafts with problems are never saved. */
  readonly valueOf: (draft: Draft, place: Place) => AspectValue<Name>;
  readonly problems: (draft: Draft, place: Place) => readonly Problem[];
  /** What differs between two values; empty: nothing. */
  readonly changes: (
    before: AspectValue<Name>,
    after: AspectValue<Name>,
  ) => readonly ChangeLine[];
  readonly consequences?: (
    before: AspectValue<Name>,
    after: AspectValue<Name>,
    place: Place,
  ) => readonly Consequence[];
  readonly Form: ComponentType<FormProps<Draft>>;
  /**
   * Shown in the sheet after a save in place of closing it, where `follows` says so: what
   * the change has come to.
   */
  readonly after?: {
    readonly follows: (
      before: AspectValue<Name>,
      after: AspectValue<Name>,
      place: Place,
    ) => boolean;
    readonly Content: ComponentType<{
      readonly place: Place;
      /** Goes back to editing what is there now. */
      readonly onEdit: () => void;
    }>;
  };
}

/** Problems by field; what is only missing is left out until it counts. */
export function problemsByField(
  problems: readonly Problem[],
  withMissing: boolean,
): Problems {
  const found = new Map<string, string>();
  for (const { field, message, missing = false } of problems) {
    if ((withMissing || !missing) && !found.has(field)) found.set(field, message);
  }
  return found;
}

/** Changes between two lists of named values, in the order of the names. */
export function namedChanges(
  before: readonly (readonly [string, string])[],
  after: readonly (readonly [string, string])[],
): readonly ChangeLine[] {
  const old = new Map(before);
  const now = new Map(after);
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.flatMap((label): ChangeLine[] => {
    const was = old.get(label);
    const is = now.get(label);
    if (was === is) return [];
    if (was === undefined)
      return is === undefined ? [] : [{ kind: 'added', label, after: is }];
    if (is === undefined) return [{ kind: 'removed', label, before: was }];
    return [{ kind: 'changed', label, before: was, after: is }];
  });
}
