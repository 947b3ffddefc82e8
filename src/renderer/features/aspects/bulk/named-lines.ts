/** A name that is set or removed on each object: a tag, or a piece of metadata. */
export interface NamedLine {
  readonly id: number;
  readonly op: 'set' | 'remove';
  readonly name: string;
  readonly value: string;
}

/** Lines with one more to type in. */
export function withLine(lines: readonly NamedLine[]): readonly NamedLine[] {
  const id = Math.max(-1, ...lines.map((line) => line.id)) + 1;
  return [...lines, { id, op: 'set', name: '', value: '' }];
}

/** Lines with one changed. */
export function changedLine(
  lines: readonly NamedLine[],
  id: number,
  change: Partial<Omit<NamedLine, 'id'>>,
): readonly NamedLine[] {
  return lines.map((line) => (line.id === id ? { ...line, ...change } : line));
}

/** Lines somebody typed in. */
export function usedLines(lines: readonly NamedLine[]): readonly NamedLine[] {
  return lines.filter(({ name, value }) => name !== '' || value !== '');
}
