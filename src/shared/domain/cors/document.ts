import type { CorsRule } from '../aspects.ts';
import { createPlaces, placeAt, TextFault, type TextPlace } from './text-fault.ts';

/** A field of a rule. */
export type RuleField = keyof CorsRule;

/** How rules are written down. `json` is the AWS CLI's shape, `list` the bare array. */
export type CorsFormat = 'json' | 'list' | 'xml';

/** Where a rule and its values are in a text, by line. 0: nowhere. */
export interface RuleLines {
  readonly rule: number;
  readonly id: number;
  readonly origins: readonly number[];
  readonly methods: readonly number[];
  readonly headers: readonly number[];
  readonly exposed: readonly number[];
  readonly maxAge: number;
}

/** What is wrong with a text, where, and what to do. */
export interface DocumentProblem extends TextPlace {
  readonly message: string;
}

/** What a text says, or why it says nothing. */
export type CorsReading =
  | {
      readonly ok: true;
      readonly format: CorsFormat;
      readonly rules: readonly CorsRule[];
      /** One for each rule. */
      readonly lines: readonly RuleLines[];
    }
  | { readonly ok: false; readonly problems: readonly DocumentProblem[] };

/** A rule that allows nothing yet. */
export const EMPTY_RULE: CorsRule = {
  id: '',
  origins: [],
  methods: [],
  headers: [],
  exposed: [],
  maxAge: null,
};

/** Takes values and complaints while a text is read. */
export class Notes {
  readonly #placeAt: (at: number) => TextPlace;
  readonly #problems: DocumentProblem[] = [];

  constructor(text: string) {
    this.#placeAt = createPlaces(text);
  }

  /** Something at this offset is wrong. */
  complain(at: number, message: string): void {
    this.#problems.push({ ...this.#placeAt(at), message });
  }

  line(at: number): number {
    return this.#placeAt(at).line;
  }

  /** The reading: the rules, unless there was a complaint. */
  reading(
    format: CorsFormat,
    found: readonly { readonly rule: CorsRule; readonly lines: RuleLines }[],
  ): CorsReading {
    if (this.#problems.length > 0) {
      const problems = this.#problems.toSorted((a, b) => a.line - b.line);
      return { ok: false, problems };
    }
    return {
      ok: true,
      format,
      rules: found.map(({ rule }) => rule),
      lines: found.map(({ lines }) => lines),
    };
  }
}

/** Runs a reader; what it throws as {@link TextFault} becomes a problem. */
export function reading(text: string, read: () => CorsReading): CorsReading {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TextFault)) throw error;
    const problem = { ...placeAt(text, error.at), message: error.message };
    return { ok: false, problems: [problem] };
  }
}

/** Whether two lists of rules say the same in the same order. */
export function sameRules(a: readonly CorsRule[], b: readonly CorsRule[]): boolean {
  return (
    a.length === b.length &&
    a.every((rule, index) => {
      const other = b[index];
      return other !== undefined && ruleKey(rule) === ruleKey(other);
    })
  );
}

/** A text that two rules have in common when they say the same. */
export function ruleKey(rule: CorsRule): string {
  const { id, origins, methods, headers, exposed, maxAge } = rule;
  return JSON.stringify([id, origins, methods, headers, exposed, maxAge]);
}
