/** What to show for a name that is empty, as the folder in `a//b` has. */
export const EMPTY_NAME = '(empty name)';
/** What to show for the object whose key is the folder itself and that has data. */
export const FOLDER_OBJECT = '(folder object)';

/**
 * Characters that would be invisible or reorder the text around them: C0 and C1 controls,
 * soft hyphens, zero-width characters, line separators, bidirectional marks, blank letters
 * and tags.
 */
const HIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0001}-\u{e007f}]|\u034f|\u17b4|\u17b5/gu;
/**
 * What a joiner may stand beside: it shapes this, and is seen by that. (Alternatives, as
 * V8 misses emoji at the end in a class of several properties.)
 */
const JOINED =
  /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Mongolian}|\p{Script=Devanagari}|\p{Script=Bengali}|\p{Script=Gurmukhi}|\p{Script=Gujarati}|\p{Script=Oriya}|\p{Script=Tamil}|\p{Script=Telugu}|\p{Script=Kannada}|\p{Script=Malayalam}|\p{Script=Sinhala})$/u;
const JOINERS = '\u200c\u200d';
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const SHORT: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
};

/** A name as shown: control characters as escapes, nothing as a placeholder. */
export function displayName(name: string): string {
  if (name === '') return EMPTY_NAME;
  return name.replace(HIDDEN, (character, at: number) => {
    if (JOINERS.includes(character) && isJoining(name, at)) return character;
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16).toUpperCase();
    return (
      SHORT[character] ?? (code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`)
    );
  });
}

/** Whether a joiner shapes its neighbours, as in a family of emoji or in Persian. */
function isJoining(name: string, at: number): boolean {
  const next = String.fromCodePoint(name.codePointAt(at + 1) ?? 0);
  return JOINED.test(name.slice(0, at)) && JOINED.test(next);
}

/** A name cut in two for an ellipsis in the middle: the tail stays whole. */
export function splitForEllipsis(name: string): {
  readonly head: string;
  readonly tail: string;
} {
  if (name.length <= 20) return { head: name, tail: '' };
  // By what one sees: an accent or a flag is not torn apart.
  const characters = Array.from(graphemes.segment(name), ({ segment }) => segment);
  if (characters.length <= 20) return { head: name, tail: '' };
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 ? Array.from(name.slice(dot)).length : 0;
  const tailLength = extension > 0 && extension <= 10 ? extension + 4 : 8;
  return {
    head: characters.slice(0, -tailLength).join(''),
    tail: characters.slice(-tailLength).join(''),
  };
}
