import type { SubjectSetting } from '../cases/subject.ts';
import type { RemoteControl } from '../null-server/launch.ts';
import type { Pattern } from '../null-server/pattern.ts';
import type { Sizes } from '../options.ts';

/** What Dipper's own cases work with. */
export interface AloneContext {
  readonly setting: SubjectSetting;
  readonly control: RemoteControl;
  readonly pattern: Pattern;
  readonly sizes: Sizes;
  /** The built engine. */
  readonly script: string;
  readonly log: (line: string) => void;
}

/** Figures by what they are of. */
export type Figures = Readonly<Record<string, number | string>>;

/** A figure for people: at most `digits` after the point. */
export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}
