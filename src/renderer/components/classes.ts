/** Joins class names, leaving out what is false or missing. */
export function classes(
  ...names: readonly (string | false | null | undefined)[]
): string | undefined {
  const present = names.filter((name) => typeof name === 'string' && name !== '');
  return present.length === 0 ? undefined : present.join(' ');
}
