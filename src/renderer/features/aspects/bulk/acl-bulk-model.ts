import type {
  AclPermission,
  BulkChange,
  Grant,
  Grantee,
} from '../../../../shared/domain/aspects.ts';
import { granteeKey, granteeOf, granteeProblem } from '../acl/acl-model.ts';
import { presetsFor } from '../acl/acl-presets.ts';
import { granteeWords, PERMISSION_WORDS } from '../acl/acl-words.ts';
import type { ChangeLine, Consequence, Problem } from '../aspect-editor.ts';

/** A ready-made ACL that can be put on many objects. */
export type BulkCanned = NonNullable<
  Extract<BulkChange, { readonly aspect: 'acl' }>['canned']
>;

/** Something given or taken. */
export interface GrantLine {
  readonly id: number;
  readonly op: 'give' | 'take';
  readonly who: 'AllUsers' | 'AuthenticatedUsers' | 'user';
  /** A canonical user ID or an e-mail address, of `user`. */
  readonly typed: string;
  readonly permission: AclPermission;
}

/** What is done with the lists of many objects. */
export interface AclBulk {
  readonly mode: 'preset' | 'grants';
  readonly canned: BulkCanned;
  readonly lines: readonly GrantLine[];
}

/** Everybody's list becomes private, unless told otherwise. */
export const INITIAL_ACL: AclBulk = {
  mode: 'preset',
  canned: 'private',
  lines: [{ id: 0, op: 'give', who: 'AllUsers', typed: '', permission: 'READ' }],
};

/** Whom a line means. */
function whoOf(line: GrantLine): Grantee {
  return line.who === 'user' ? granteeOf(line.typed) : { kind: 'group', group: line.who };
}

function grantsOf(lines: readonly GrantLine[], op: GrantLine['op']): Grant[] {
  return lines
    .filter((line) => line.op === op)
    .map((line) => ({ grantee: whoOf(line), permission: line.permission }));
}

/** The change of a draft. */
export function aclChange({ mode, canned, lines }: AclBulk): BulkChange {
  return mode === 'preset'
    ? { aspect: 'acl', canned, add: [], remove: [] }
    : {
        aspect: 'acl',
        canned: null,
        add: grantsOf(lines, 'give'),
        remove: grantsOf(lines, 'take'),
      };
}

/** What is wrong with it. */
export function aclBulkProblems({ mode, lines }: AclBulk): readonly Problem[] {
  if (mode === 'preset') return [];
  return lines.flatMap((line): Problem[] => {
    const field = `grant:${line.id}`;
    const typed = line.typed.trim();
    if (line.who === 'user') {
      const message = 'Enter a canonical user ID or an e-mail address.';
      if (typed === '') return [{ field, message, missing: true }];
      const problem = granteeProblem(typed, false);
      if (problem !== null) return [{ field, message: problem }];
    }
    const same = lines.some(
      (other) =>
        other.id < line.id &&
        other.permission === line.permission &&
        granteeKey(whoOf(other)) === granteeKey(whoOf(line)),
    );
    return same ? [{ field, message: 'There is a line for this already.' }] : [];
  });
}

/** What it does to each object. */
export function aclBulkChanges({ mode, canned, lines }: AclBulk): readonly ChangeLine[] {
  if (mode === 'preset') {
    const preset = presetsFor(false).find(({ value }) => value === canned);
    return [
      { kind: 'removed', label: 'What the list says now', before: '' },
      { kind: 'added', label: preset?.label ?? canned, after: preset?.hint ?? '' },
    ];
  }
  return lines.map((line): ChangeLine => {
    const label = granteeWords(whoOf(line));
    const words = PERMISSION_WORDS[line.permission];
    return line.op === 'give'
      ? { kind: 'added', label, after: words }
      : { kind: 'removed', label, before: words };
  });
}

/** What it brings with it. */
export function aclBulkConsequences(draft: AclBulk): readonly Consequence[] {
  const { mode, canned, lines } = draft;
  const gives = (
    who: GrantLine['who'],
    ...permissions: readonly AclPermission[]
  ): boolean =>
    mode === 'grants' &&
    lines.some(
      (line) =>
        line.op === 'give' && line.who === who && permissions.includes(line.permission),
    );
  const found: Consequence[] = [];
  if (gives('AllUsers', 'WRITE_ACP', 'FULL_CONTROL')) {
    found.push({
      tone: 'danger',
      text: 'Everyone on the internet will be able to change these lists and take over the objects.',
    });
  }
  const isOpen = mode === 'preset' && canned.startsWith('public-read');
  if (isOpen || gives('AllUsers', 'READ', 'FULL_CONTROL')) {
    found.push({
      tone: 'warning',
      text: 'Everyone on the internet will be able to open and download these objects.',
    });
  }
  const signedIn = mode === 'preset' && canned === 'authenticated-read';
  if (signedIn || gives('AuthenticatedUsers', 'READ', 'FULL_CONTROL', 'WRITE_ACP')) {
    found.push({
      tone: 'warning',
      text: 'Anybody with any account at this service, not only yours, gets in.',
    });
  }
  return found;
}
