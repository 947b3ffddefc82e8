import { createHash } from 'node:crypto';

/** How a system's file names work. */
export interface NameRules {
  readonly windows: boolean;
  /** Whether `A` and `a` are the same file. */
  readonly caseInsensitive: boolean;
  readonly separator: '/' | '\\';
}

/** The rules of a platform as `process.platform` names it. */
export function nameRules(platform: NodeJS.Platform): NameRules {
  const windows = platform === 'win32';
  return {
    windows,
    caseInsensitive: windows || platform === 'darwin',
    separator: windows ? '\\' : '/',
  };
}

/** Most file systems allow 255 bytes; Windows and macOS 255 UTF-16 units. */
const MAX_NAME_BYTES = 255;

// oxlint-disable-next-line no-control-regex -- control characters are what we look for
const UNSAFE_ANYWHERE = /[\u0000-\u001f\u007f/]/g;
// oxlint-disable-next-line no-control-regex -- control characters are what we look for
const UNSAFE_WINDOWS = /[\u0000-\u001f\u007f/\\<>:"|?*]/g;
/** A sequence of a name that could be taken for one of our own escapes. */
const LOOKS_ESCAPED =
  /^%(?=[4-7][0-9A-Fa-f])|%(?=[01][0-9A-Fa-f]|7[Ff]|2[2FfAa5]|3[AaCcEeFf]|5[Cc]|7[Cc]|(?:20|2[Ee])(?:%20|%2[Ee]|[. ])*$)/g;
/** https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/**
 * The local name of one segment of a key: the segment itself where the system allows it,
 * else with the offending characters as `%XX`. {@link originalName} turns it back, but for
 * names that had to be cut because they are too long. An empty segment becomes `%2F`.
 */
export function safeName(segment: string, rules: NameRules): string {
  if (segment === '') return '%2F';
  let name = segment.replaceAll(LOOKS_ESCAPED, '%25');
  name = name.replaceAll(rules.windows ? UNSAFE_WINDOWS : UNSAFE_ANYWHERE, escapeAll);
  if (name === '.' || name === '..') name = escapeAll(name);
  if (rules.windows) {
    name = name.replace(/[. ]+$/, escapeAll);
    if (WINDOWS_DEVICE.test(name)) {
      name = escapeAll(name.slice(0, 1)) + name.slice(1);
    }
  }
  return shorten(name.toWellFormed());
}

/** The segment that {@link safeName} was given. */
export function originalName(name: string): string {
  if (name === '%2F') return '';
  return name.replaceAll(/%([0-9A-Fa-f]{2})/g, (escape, hex: string, at: number) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    if (char === '.' || char === ' ') {
      return /^(?:%20|%2E)+$/i.test(name.slice(at)) ? char : escape;
    }
    // A letter was escaped only where it began the name of a Windows device.
    if (/[A-Za-z]/.test(char)) {
      return at === 0 && WINDOWS_DEVICE.test(char + name.slice(3)) ? char : escape;
    }
    // oxlint-disable-next-line no-control-regex -- control characters are what we look for
    return /[\u0000-\u001f\u007f/\\<>:"|?*%]/.test(char) ? char : escape;
  });
}

/** `name` with ` 2`, ` 3`, … before its extension. */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf('.');
  const cut = dot > 0 ? dot : name.length;
  return shorten(`${name.slice(0, cut)} ${number}${name.slice(cut)}`);
}

/**
 * A path as the file system compares it: two paths with one fold are one file, or may be.
 * Systems fold case each in a way of its own; macOS takes `ß` for `SS` and `ς` for `σ`.
 */
export function foldPath(path: string, rules: NameRules): string {
  // There and back: some letters have a capital that is another one's, some a small one.
  return rules.caseInsensitive
    ? path.normalize('NFC').toLowerCase().toUpperCase().normalize('NFC')
    : path;
}

/** Cuts a name to what file systems take, keeping its extension and its difference. */
export function shorten(name: string, maxBytes = MAX_NAME_BYTES): string {
  if (Buffer.byteLength(name) <= maxBytes) return name;
  const dot = name.lastIndexOf('.');
  const extension =
    dot > 0 && Buffer.byteLength(name.slice(dot)) <= 20 ? name.slice(dot) : '';
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  const tail = `~${hash}${extension}`;
  let head = '';
  let room = maxBytes - Buffer.byteLength(tail);
  for (const char of name) {
    room -= Buffer.byteLength(char);
    if (room < 0) break;
    head += char;
  }
  return head + tail;
}

function escapeAll(text: string): string {
  return Array.from(text)
    .map(
      (char) =>
        `%${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}
