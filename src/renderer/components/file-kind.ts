/** Groups of files that share an icon. */
export type FileKind =
  | 'folder'
  | 'bucket'
  | 'image'
  | 'video'
  | 'audio'
  | 'text'
  | 'code'
  | 'data'
  | 'archive'
  | 'pdf'
  | 'sheet'
  | 'slides'
  | 'font'
  | 'disk'
  | 'file';

const EXTENSIONS: readonly (readonly [FileKind, string])[] = [
  [
    'image',
    'jpg jpeg png gif webp avif heic heif svg bmp tif tiff ico psd ai eps raw cr2 nef dng',
  ],
  ['video', 'mp4 m4v mov avi mkv webm mpg mpeg wmv flv ts m3u8 3gp'],
  ['audio', 'mp3 m4a aac wav flac ogg oga opus aif aiff wma mid midi'],
  ['text', 'txt md markdown rst rtf doc docx odt pages log tex'],
  [
    'code',
    'js mjs cjs jsx tsx css scss less html htm xml py rb php go rs c h cpp hpp cs java kt swift sh bash zsh ps1 bat sql vue svelte lua pl r',
  ],
  [
    'data',
    'json yaml yml toml ini cfg conf env parquet avro ndjson jsonl db sqlite plist lock',
  ],
  ['archive', 'zip tar gz tgz bz2 xz zst 7z rar lz4 jar war br'],
  ['pdf', 'pdf'],
  ['sheet', 'csv tsv xls xlsx ods numbers'],
  ['slides', 'ppt pptx odp key'],
  ['font', 'ttf otf woff woff2 eot'],
  ['disk', 'iso dmg img vmdk vdi qcow2 exe msi deb rpm appimage pkg apk'],
];

const KINDS: ReadonlyMap<string, FileKind> = new Map(
  EXTENSIONS.flatMap(([kind, extensions]) =>
    extensions.split(' ').map((extension) => [extension, kind] as const),
  ),
);

/** The kind a file's name tells; `file` when it tells none. */
export function fileKind(name: string): FileKind {
  const dot = name.lastIndexOf('.');
  if (dot < 0 || dot === name.length - 1) return 'file';
  return KINDS.get(name.slice(dot + 1).toLowerCase()) ?? 'file';
}
