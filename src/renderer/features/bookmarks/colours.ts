import type { BookmarkColour } from '../../../shared/domain/bookmark.ts';

/** The colour marks with their names, in the order they are offered. */
export const COLOURS: readonly {
  readonly value: BookmarkColour;
  readonly label: string;
}[] = [
  { value: 'none', label: 'No colour' },
  { value: 'red', label: 'Red' },
  { value: 'orange', label: 'Orange' },
  { value: 'yellow', label: 'Yellow' },
  { value: 'green', label: 'Green' },
  { value: 'blue', label: 'Blue' },
  { value: 'purple', label: 'Purple' },
  { value: 'grey', label: 'Grey' },
];
