/** What to show for a name that is empty, as the folder in `a//b` has. */
export const EMPTY_NAME = '(empty name)';
/** What to show for the object whose key is the folder itself and that has data. */
export const FOLDER_OBJECT = '(folder object)';

/**
 * Characters that would be invisible or reorder the text around them: C0 and C1 controls,
 * zero-width characters, line separators and bidirectional marks.
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const SHORT: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
};

/** A name as shown: control characters as escapes, nothing as a placeholder. */
export function displayName(name: string): string {
  if (name === '') return EMPTY_NAME;
  return name.replace(
    HIDDEN,
    (character) =>
      SHORT[character] ??
      `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`,
  );
}

/** A name cut in two for an ellipsis in the middle: the tail stays whole. */
export function splitForEllipsis(name: string): {
  readonly head: string;
  readonly tail: string;
} {
  const characters = Array.from(name);
  if (characters.length <= 20) return { head: name, tail: '' };
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? Array.from(name.slice(dot)).length : 0;
  const tailLength = extension > 0 && extension <= 10 ? extension + 4 : 8;
  return {
    head: characters.slice(0, -tailLength).join(''),
    tail: characters.slice(-tailLength).join(''),
  };
}
