import type { Acl, AclPermission, Grant, Tag } from '../../../shared/domain/aspects.ts';
import { granteeOf, writtenGrantee } from '../aspects/grantees.ts';
import { UnsupportedAnswer } from './http-reader.ts';
import { encodeText, readLeaves } from './xml-text.ts';

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const SCHEMA = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';

/** Characters that XML 1.0 cannot hold. https://www.w3.org/TR/xml/#charsets */
// oxlint-disable-next-line no-control-regex -- control characters are the point
const UNWRITABLE = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/;

/**
 * Reads an AccessControlPolicy. Throws {@link UnsupportedAnswer} for whatever is not
 * written as usual: nothing of a list may be overlooked.
 */
export function readAclDocument(document: string): Acl {
  const inner = insideOf(document, 'AccessControlPolicy');
  const parts =
    /^\s*<Owner>([^]*?)<\/Owner>\s*<AccessControlList>([^]*)<\/AccessControlList>\s*$/.exec(
      inner,
    );
  if (parts === null) throw new UnsupportedAnswer('ACL');
  const [, owner = '', list = ''] = parts;
  const named = leavesOf(owner);
  return {
    owner: { id: named.get('ID') ?? '', name: named.get('DisplayName') ?? '' },
    grants: readAll(list, GRANT, ([, grantee = '', permission = '']): Grant => {
      const fields = leavesOf(grantee);
      return {
        grantee: granteeOf({
          URI: fields.get('URI'),
          ID: fields.get('ID'),
          EmailAddress: fields.get('EmailAddress'),
          DisplayName: fields.get('DisplayName'),
        }),
        permission: permission as AclPermission,
      };
    }),
  };
}

const GRANT =
  /\s*<Grant>\s*<Grantee(?:\s+[\w:]+="[^"<>]*")*\s*>([^]*?)<\/Grantee>\s*<Permission>(READ|WRITE|READ_ACP|WRITE_ACP|FULL_CONTROL)<\/Permission>\s*<\/Grant>\s*/y;

/** Reads a Tagging. Throws {@link UnsupportedAnswer}. */
export function readTagsDocument(document: string): readonly Tag[] {
  const inner = insideOf(document, 'Tagging').trim();
  if (inner === '' || inner === '<TagSet/>') return [];
  const set = /^<TagSet>([^]*)<\/TagSet>$/.exec(inner)?.[1];
  if (set === undefined) throw new UnsupportedAnswer('tags');
  return readAll(set, TAG, ([, tag = '']): Tag => {
    const fields = leavesOf(tag);
    return { key: fields.get('Key') ?? '', value: fields.get('Value') ?? '' };
  });
}

const TAG = /\s*<Tag>([^]*?)<\/Tag>\s*/y;

/** An ACL as a document; `null`: XML cannot write it. */
export function aclDocument(acl: Acl): string | null {
  const grants = acl.grants.map(({ grantee, permission }) => {
    const { Type, ...named } = writtenGrantee(grantee);
    const fields = Object.entries(named).map(([name, value]) => leaf(name, value));
    return `<Grant><Grantee ${SCHEMA} xsi:type="${Type}">${fields.join('')}</Grantee>${leaf('Permission', permission)}</Grant>`;
  });
  return written(
    `<AccessControlPolicy ${NAMESPACE}><Owner>${leaf('ID', acl.owner.id)}</Owner>` +
      `<AccessControlList>${grants.join('')}</AccessControlList></AccessControlPolicy>`,
  );
}

/** Tags as a document; `null`: XML cannot write them. */
export function tagsDocument(tags: readonly Tag[]): string | null {
  const all = tags.map(
    ({ key, value }) => `<Tag>${leaf('Key', key)}${leaf('Value', value)}</Tag>`,
  );
  return written(`<Tagging ${NAMESPACE}><TagSet>${all.join('')}</TagSet></Tagging>`);
}

function leaf(name: string, text: string): string {
  return `<${name}>${encodeText(text)}</${name}>`;
}

function written(document: string): string | null {
  return UNWRITABLE.test(document) ? null : document;
}

function insideOf(document: string, root: string): string {
  const whole = new RegExp(
    String.raw`^\s*(?:<\?xml[^>]*\?>\s*)?<${root}(?:\s+[\w:]+="[^"<>]*")*\s*(?:/>|>([^]*)</${root}>)\s*$`,
  ).exec(document);
  if (whole === null) throw new UnsupportedAnswer(root);
  return whole[1] ?? '';
}

function leavesOf(text: string): ReadonlyMap<string, string> {
  const leaves = readLeaves(text, 0, text.length);
  if (leaves === null) throw new UnsupportedAnswer('element');
  return leaves;
}

/** Every piece of `text` that `pattern` finds one behind the other, up to its end. */
function readAll<T>(
  text: string,
  pattern: RegExp,
  read: (match: RegExpExecArray) => T,
): T[] {
  const found: T[] = [];
  if (text.trim() === '') return found;
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) throw new UnsupportedAnswer('element');
    found.push(read(match));
  }
  return found;
}
