import type { ErrorParams, ProviderDetails } from '../errors/app-error.ts';
import type { ErrorCode } from '../errors/codes.ts';

/** An error in words for people. */
export interface ErrorText {
  /** What went wrong, in a few words. */
  readonly title: string;
  /** Why, as far as it can be told. */
  readonly explanation: string;
  /** What to do about it. */
  readonly action: string;
}

/** What an error carries for its words. */
export interface TextContext {
  readonly params: ErrorParams;
  readonly provider: ProviderDetails | undefined;
  /** “name” of a parameter, or the fallback when the error does not carry it. */
  readonly name: (param: string, fallback: string) => string;
}

/** Words of errors, by code. */
export type ErrorTexts = {
  readonly [Code in ErrorCode]: (context: TextContext) => ErrorText;
};

/** With a capital letter, for the beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
