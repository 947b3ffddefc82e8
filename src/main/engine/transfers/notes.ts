/** What a finished row tells besides its state. Shown to the user as it is. */
export const NOTES = {
  sourceChanged: 'The file changed while it was being uploaded; the upload began again.',
  objectChanged: 'The object changed while it was being downloaded; it began again.',
  uploadGone: 'The server had forgotten the unfinished upload; it began again.',
  uploadLeft:
    'The server may keep an unfinished upload whose id got lost; it could not be told from those of others.',
  uploadOfOthers: 'An unfinished upload of this key by someone else was left alone.',
  adopted:
    'Went on with an unfinished upload that was there; type and metadata are those it was begun with.',
  unproven:
    'Nothing on the server proves that what is there is the beginning of this object.',
  sizeOnly:
    'The server gives no checksum that fits; the file was fetched twice, the same both times.',
  notAFile: 'Not a file: left out.',
  renamed: (name: string): string => `Saved as “${name}” because the name was taken.`,
  setAside: (name: string): string => `The one that was there is now “${name}”.`,
  notNewer: 'Left as it is: the one that is there is as new or newer.',
  same: 'Left as it is: the same is there already.',
  continued: 'The beginning was there already; only the rest was fetched.',
  noBeginning: 'What is there is no beginning of this object.',
  copyChanged: 'The object changed while it was being copied; it began again.',
  othersListed: (count: number): string =>
    count === 1
      ? 'One object could not be deleted; it is listed by itself.'
      : `${count} objects could not be deleted; they are listed by themselves.`,
  wasSo: 'Nothing to change: it was so already.',
  othersAlone: (count: number): string =>
    count === 1
      ? 'One object is listed by itself.'
      : `${count} objects are listed by themselves.`,
  aclReset:
    'Who may read it could not be read: unless a policy lets others in, only the owner may now.',
  tagsOfAnother:
    'Tags that an attempt before could not give back were left out: another object has taken the place of the one they belonged to.',
  notKept: (what: string): string => `Not kept: ${what}.`,
  nameChanged: (name: string): string =>
    `Saved as “${name}” because this computer does not allow its name.`,
} as const;

/** A note behind what is noted already. */
export function addNote(note: string, more: string): string {
  if (note.includes(more)) return note;
  return note === '' ? more : `${note} ${more}`;
}
