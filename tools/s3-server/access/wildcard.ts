/**
 * Whether a text fits a pattern in which `*` stands for any run of characters and, with
 * `single`, `?` for any one.
 */
export function fits(pattern: string, text: string, single = false): boolean {
  const source = pattern.replace(/[\\^$.*+?()[\]{}|/]/g, (char) => {
    if (char === '*') return '[^]*';
    return char === '?' && single ? '[^]' : `\\${char}`;
  });
  return new RegExp(`^${source}$`, 'u').test(text);
}
