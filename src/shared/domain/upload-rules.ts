import type { AdvancedSettings, UploadRule } from './bookmark.ts';
import { readGlob } from './glob.ts';
import { isJunk } from './junk.ts';

/** What rules say of an object besides its bytes. Empty: nothing. */
export type RuleHeaders = Pick<
  UploadRule,
  'contentType' | 'cacheControl' | 'storageClass' | 'acl' | 'encryption' | 'kmsKeyId'
>;

/** The rules of a bookmark, ready to be asked. */
export interface UploadRules {
  /**
   * Whether a file or folder (its path ends in `/`) is left out. `path` begins with the
   * name of what the user chose; that itself is never taken for junk.
   */
  readonly excludes: (path: string) => boolean;
  /** What applies to an object; `path` is its key. */
  readonly headers: (path: string) => RuleHeaders;
}

const NO_HEADERS: RuleHeaders = {
  contentType: '',
  cacheControl: '',
  storageClass: '',
  acl: '',
  encryption: '',
  kmsKeyId: '',
};

/** Reads the rules of a bookmark. A pattern that cannot be read matches nothing. */
export function readUploadRules(
  settings: Pick<AdvancedSettings, 'rules' | 'excludeJunk'>,
): UploadRules {
  const excludes = settings.rules
    .filter((rule) => rule.action === 'exclude')
    .map((rule) => matcher(rule.pattern));
  const headers = settings.rules
    .filter((rule) => rule.action === 'headers')
    .map((rule) => ({ rule, matches: matcher(rule.pattern) }));
  return {
    excludes: (path) => {
      if (excludes.some((matches) => matches(path))) return true;
      return settings.excludeJunk && hasJunk(path);
    },
    headers: (path) => {
      if (headers.length === 0) return NO_HEADERS;
      const result = { ...NO_HEADERS };
      for (const { rule, matches } of headers) {
        if (!matches(path)) continue;
        if (rule.contentType !== '') result.contentType = rule.contentType;
        if (rule.cacheControl !== '') result.cacheControl = rule.cacheControl;
        if (rule.storageClass !== '') result.storageClass = rule.storageClass;
        if (rule.acl !== '') result.acl = rule.acl;
        if (rule.encryption !== '') {
          result.encryption = rule.encryption;
          result.kmsKeyId = rule.kmsKeyId;
        }
      }
      return result;
    },
  };
}

/** Whether something below what was chosen is junk, or lies in a folder that is. */
function hasJunk(path: string): boolean {
  for (let from = path.indexOf('/') + 1; from > 0 && from < path.length; ) {
    const slash = path.indexOf('/', from);
    const name = slash < 0 ? path.slice(from) : path.slice(from, slash);
    if (isJunk(name, slash >= 0)) return true;
    if (slash < 0) return false;
    from = slash + 1;
  }
  return false;
}

function matcher(pattern: string): (path: string) => boolean {
  const glob = readGlob(pattern);
  return glob.ok ? glob.matches : () => false;
}
