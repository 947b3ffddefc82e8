/**
 * Names that systems and programs leave behind and nobody means to upload: of macOS (also
 * on volumes and in archives), of Windows, of Linux desktops and network drives, of office
 * programs and editors, and of version control. One expression, as every file of a large
 * folder is asked about.
 */
const FILES =
  /^(?:\.DS_Store|\._.*|\.LSOverride|\.VolumeIcon\.icns|(?:eh)?thumbs\.db(?::encryptable)?|desktop\.ini|\.directory|\.fuse_hidden.*|\.nfs[0-9a-f]+|~.*|.+~|\.~lock\..*#|\..*\.sw[op])$/i;
const FOLDERS =
  /^(?:\.AppleDouble|\.AppleDB|\.AppleDesktop|\.Spotlight-V100|\.Trashes|\.fseventsd|\.TemporaryItems|\.DocumentRevisions-V100|__MACOSX|\$RECYCLE\.BIN|System Volume Information|\.Trash-\d+|\.git|\.svn|\.hg)$/i;

/** Some of them, to tell people what is meant. */
export const JUNK_EXAMPLES = '.DS_Store, Thumbs.db, desktop.ini, ~*, .git';

/** Whether a file or folder of this name is such junk. */
export function isJunk(name: string, folder: boolean): boolean {
  return (folder ? FOLDERS : FILES).test(name);
}
