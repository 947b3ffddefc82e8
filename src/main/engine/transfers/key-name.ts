/** The last part of a key, without the slash of a folder. */
export function nameOf(key: string): string {
  const shown = key.endsWith('/') ? key.slice(0, -1) : key;
  return shown.slice(shown.lastIndexOf('/') + 1) || key;
}
