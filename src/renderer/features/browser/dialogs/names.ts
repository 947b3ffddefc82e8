/** Longest key in bytes of UTF-8. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const MOST_KEY_BYTES = 1_024;

/** Bytes of a text in UTF-8. */
export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Why a name cannot be a folder's, or `null`. A slash makes folders within folders. */
export function newFolderProblem(prefix: string, name: string): string | null {
  if (name === '') return 'Enter a name.';
  if (/^\/+$/.test(name)) return 'A name is more than a slash.';
  return tooLong(`${prefix}${name}${name.endsWith('/') ? '' : '/'}`);
}

/** Why a name cannot replace an item's name, or `null`. */
export function renameProblem(
  prefix: string,
  name: string,
  folder: boolean,
): string | null {
  if (name === '') return 'Enter a name.';
  if (name.includes('/')) {
    return 'A name cannot contain a slash. To move the item, drag it onto a folder.';
  }
  return tooLong(`${prefix}${name}${folder ? '/' : ''}`);
}

function tooLong(key: string): string | null {
  const over = utf8Length(key) - MOST_KEY_BYTES;
  return over <= 0
    ? null
    : `The whole path may have ${MOST_KEY_BYTES} bytes. This is ${over} too many.`;
}

/**
 * Why a text cannot name a new bucket, or `null`.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function bucketNameProblem(name: string): string | null {
  if (name === '') return 'Enter a name.';
  if (/[A-Z]/.test(name)) return 'Use lower-case letters only.';
  const wrong = /[^a-z0-9.-]/.exec(name);
  if (wrong) {
    return wrong[0] === ' '
      ? 'A bucket’s name has no spaces.'
      : `“${wrong[0]}” is not allowed: use a–z, 0–9, hyphens and dots.`;
  }
  if (name.length < 3) return 'Use at least 3 characters.';
  if (name.length > 63) return 'Use at most 63 characters.';
  if (!/^[a-z0-9]/.test(name)) return 'Start with a letter or digit.';
  if (!/[a-z0-9]$/.test(name)) return 'End with a letter or digit.';
  if (name.includes('..')) return 'Two dots in a row are not allowed.';
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return 'A name cannot look like an IP address.';
  if (name.startsWith('xn--') || name.endsWith('-s3alias')) {
    return 'This beginning or ending is reserved.';
  }
  return null;
}

/** What is fine but worth knowing about a bucket's name. */
export function bucketNameWarning(name: string): string | undefined {
  return name.includes('.')
    ? 'With dots in its name a bucket cannot be reached over https in virtual-host style.'
    : undefined;
}

/** Where the stem of a name ends, so that renaming keeps the extension. */
export function stemLength(name: string, folder: boolean): number {
  const dot = name.lastIndexOf('.');
  return folder || dot <= 0 ? name.length : dot;
}
