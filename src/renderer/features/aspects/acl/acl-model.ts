import type {
  Acl,
  AclPermission,
  Grant,
  Grantee,
} from '../../../../shared/domain/aspects.ts';
import { assertNever } from '../../../../shared/lib/assert-never.ts';
import type { Problem } from '../aspect-editor.ts';

/** What the columns of the grid stand for, from left to right. */
export const PERMISSIONS: readonly AclPermission[] = [
  'READ',
  'WRITE',
  'READ_ACP',
  'WRITE_ACP',
  'FULL_CONTROL',
];

/** What full control is made of. */
const PARTS = PERMISSIONS.slice(0, 4);

type Group = Extract<Grantee, { readonly kind: 'group' }>['group'];

/** One line of the grid: somebody and what they may do. */
export interface AclRow {
  readonly id: number;
  /** Who; `null`: `typed` says it. */
  readonly grantee: Grantee | null;
  /** A canonical user ID or an e-mail address being typed. */
  readonly typed: string;
  readonly permissions: readonly AclPermission[];
}

/** An ACL as the grid shows it. */
export interface AclDraft {
  readonly owner: Acl['owner'];
  readonly rows: readonly AclRow[];
}

/** The grid of an ACL: the owner, the groups, everybody else. */
export function aclDraft(acl: Acl, isBucket: boolean): AclDraft {
  const groups: readonly Group[] = ['AllUsers', 'AuthenticatedUsers', 'LogDelivery'];
  const given = new Map<
    string,
    { readonly grantee: Grantee; permissions: AclPermission[] }
  >();
  const row = (grantee: Grantee): void => {
    const key = granteeKey(grantee);
    if (!given.has(key)) given.set(key, { grantee, permissions: [] });
  };
  row({ kind: 'user', ...acl.owner });
  for (const group of groups) {
    // Amazon writes logs into buckets only.
    const used = acl.grants.some(
      ({ grantee }) => grantee.kind === 'group' && grantee.group === group,
    );
    if (group !== 'LogDelivery' || isBucket || used) row({ kind: 'group', group });
  }
  for (const { grantee, permission } of acl.grants) {
    row(grantee);
    const entry = given.get(granteeKey(grantee));
    if (entry && !entry.permissions.includes(permission))
      entry.permissions.push(permission);
  }
  const rows = [...given.values()].map((entry, id) => ({ id, typed: '', ...entry }));
  return { owner: acl.owner, rows };
}

/** The ACL of a grid. */
export function aclOf({ owner, rows }: AclDraft): Acl {
  const grants: Grant[] = rows.flatMap((row) => {
    const grantee = row.grantee ?? granteeOf(row.typed);
    return PERMISSIONS.filter((each) => row.permissions.includes(each)).map(
      (permission) => ({ grantee, permission }),
    );
  });
  return { owner, grants };
}

/** Who is meant by something typed. */
export function granteeOf(typed: string): Grantee {
  const text = typed.trim();
  return text.includes('@')
    ? { kind: 'email', email: text }
    : { kind: 'user', id: text, name: '' };
}

/** One text for the same grantee, however it is shown. */
export function granteeKey(grantee: Grantee): string {
  switch (grantee.kind) {
    case 'user':
      return `user ${grantee.id}`;
    case 'email':
      return `email ${grantee.email.toLowerCase()}`;
    case 'group':
      return `group ${grantee.group}`;
    default:
      return assertNever(grantee);
  }
}

/** Whether a row is the owner's. */
export function isOwner({ owner }: AclDraft, row: AclRow): boolean {
  return row.grantee?.kind === 'user' && row.grantee.id === owner.id;
}

/** Whether a box has its tick, also by full control. */
export function isTicked(row: AclRow, permission: AclPermission): boolean {
  return row.permissions.includes('FULL_CONTROL') || row.permissions.includes(permission);
}

/**
 * Whether a box cannot be changed: what the owner has stays, so that nobody locks
 * themselves out.
 */
export function isFixed(
  draft: AclDraft,
  row: AclRow,
  permission: AclPermission,
): boolean {
  return isOwner(draft, row) && isTicked(row, permission);
}

/** A grid with one box changed. */
export function withTick(
  draft: AclDraft,
  id: number,
  permission: AclPermission,
  ticked: boolean,
): AclDraft {
  return mapRow(draft, id, (row) => {
    if (permission === 'FULL_CONTROL') {
      return { ...row, permissions: ticked ? ['FULL_CONTROL'] : [] };
    }
    // Without one of its parts it is full control no more.
    const has = row.permissions.includes('FULL_CONTROL') ? PARTS : row.permissions;
    const rest = has.filter((each) => each !== permission);
    return { ...row, permissions: ticked ? [...rest, permission] : rest };
  });
}

/** A grid with one more row to type a user into. */
export function withUser({ owner, rows }: AclDraft): AclDraft {
  const id = Math.max(-1, ...rows.map((row) => row.id)) + 1;
  return {
    owner,
    rows: [...rows, { id, grantee: null, typed: '', permissions: ['READ'] }],
  };
}

/** A grid without a row. */
export function withoutGrantee({ owner, rows }: AclDraft, id: number): AclDraft {
  return { owner, rows: rows.filter((row) => row.id !== id) };
}

/** A grid with a user typed in. */
export function withGrantee(draft: AclDraft, id: number, typed: string): AclDraft {
  return mapRow(draft, id, (row) => ({ ...row, typed }));
}

function mapRow(
  { owner, rows }: AclDraft,
  id: number,
  update: (row: AclRow) => AclRow,
): AclDraft {
  return { owner, rows: rows.map((row) => (row.id === id ? update(row) : row)) };
}

/** What is wrong with a grid. `amazon`: users have IDs of 64 hexadecimal digits there. */
export function aclProblems(draft: AclDraft, amazon: boolean): readonly Problem[] {
  return draft.rows.flatMap((row): Problem[] => {
    if (row.grantee !== null) return [];
    const field = `grantee:${row.id}`;
    const typed = row.typed.trim();
    if (typed === '') {
      const message =
        'Enter a canonical user ID or an e-mail address, or remove the line.';
      return [{ field, message, missing: true }];
    }
    const problem = granteeProblem(typed, amazon);
    if (problem !== null) return [{ field, message: problem }];
    const key = granteeKey(granteeOf(typed));
    const before = draft.rows.some(
      (other) =>
        other.id !== row.id &&
        key === granteeKey(other.grantee ?? granteeOf(other.typed)) &&
        (other.grantee !== null || other.id < row.id),
    );
    if (before) return [{ field, message: 'There is a line for this user already.' }];
    if (row.permissions.length === 0) {
      const message = 'Tick what this user may do, or remove the line.';
      return [{ field, message, missing: true }];
    }
    return [];
  });
}

/** What is wrong with a grantee as it is typed; `null`: nothing. */
export function granteeProblem(typed: string, amazon: boolean): string | null {
  if (typed.includes('@')) {
    return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(typed)
      ? null
      : 'This is not a whole e-mail address: it looks like name@example.com.';
  }
  if (/^arn:/i.test(typed)) {
    return 'ACLs know no ARNs: enter the account’s canonical user ID. Roles and users are given access in a policy.';
  }
  if (/\s/.test(typed)) return 'A canonical user ID has no spaces.';
  if (amazon && /^\d{12}$/.test(typed)) {
    return 'This is an account number: enter its canonical user ID, 64 hexadecimal digits.';
  }
  if (amazon && !/^[0-9a-f]{64}$/i.test(typed)) {
    return 'At Amazon a canonical user ID has 64 hexadecimal digits.';
  }
  return null;
}
