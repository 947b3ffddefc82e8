import { assertNever } from '../../../../shared/lib/assert-never.ts';

/** What a row of the list is. */
export type RowKind = 'file' | 'folder' | 'folder-object' | 'bucket';

/** Groups of file types that are described alike. */
type FileFamily =
  | 'archive'
  | 'audio'
  | 'code'
  | 'data'
  | 'document'
  | 'image'
  | 'text'
  | 'video';

const FAMILIES: Readonly<Record<FileFamily, string>> = {
  archive: 'zip gz tgz bz2 xz 7z rar tar zst jar dmg iso deb rpm whl',
  audio: 'mp3 wav flac aac ogg m4a opus aiff mid',
  code: 'js ts tsx jsx mjs cjs py rb go rs c h cpp hpp java kt swift php sh bash ps1 sql html htm css scss vue lua pl r wasm',
  data: 'json jsonl ndjson csv tsv parquet avro orc xml yaml yml toml db sqlite ini env',
  document: 'pdf doc docx xls xlsx ppt pptx odt ods odp rtf epub pages numbers key',
  image: 'jpg jpeg png gif webp svg heic heif tif tiff bmp ico avif psd raw cr2 nef dng',
  text: 'txt md rst log tex text',
  video: 'mp4 mov mkv avi webm m4v mpg mpeg wmv ts2 flv',
};

const NAMES: Readonly<Record<string, string>> = {
  txt: 'Plain text',
  md: 'Markdown',
  htm: 'HTML',
  jpg: 'JPEG image',
  jpeg: 'JPEG image',
  tif: 'TIFF image',
  gz: 'Gzip archive',
  zip: 'Zip archive',
  pdf: 'PDF document',
  log: 'Log file',
};

const BY_EXTENSION: ReadonlyMap<string, FileFamily> = new Map(
  Object.entries(FAMILIES).flatMap(([family, extensions]) =>
    extensions.split(' ').map((extension) => [extension, family as FileFamily] as const),
  ),
);

/** Lower-case extension without the dot; empty when there is none worth naming. */
function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  if (dot <= 0 || dot === name.length - 1 || name.length - dot > 12) return '';
  const extension = name.slice(dot + 1).toLowerCase();
  return /^[\p{L}\p{N}_-]+$/u.test(extension) ? extension : '';
}

/** The words of the kind column for an extension, such as `PNG image`. */
function describeExtension(extension: string): string {
  if (extension === '') return 'File';
  const known = NAMES[extension];
  if (known !== undefined) return known;
  const upper = extension.toUpperCase();
  switch (BY_EXTENSION.get(extension)) {
    case 'image':
      return `${upper} image`;
    case 'video':
      return `${upper} video`;
    case 'audio':
      return `${upper} audio`;
    case 'archive':
      return `${upper} archive`;
    case 'code':
      return `${upper} source`;
    case 'document':
      return `${upper} document`;
    default:
      return `${upper} file`;
  }
}

/** The words of the kind column for a row. */
export function describeKind(kind: RowKind, name: string): string {
  switch (kind) {
    case 'folder':
      return 'Folder';
    case 'bucket':
      return 'Bucket';
    case 'folder-object':
      return 'Folder object';
    case 'file':
      return describeExtension(extensionOf(name));
    default:
      return assertNever(kind);
  }
}
