/**
 * A text as it is compared when one looks for a name: case does not matter, nor whether a
 * letter and its accent are stored as one character or two (a Mac's files have two).
 */
export function searchable(text: string): string {
  return text.toLowerCase().normalize('NFC');
}
