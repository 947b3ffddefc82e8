import { hash } from 'node:crypto';
import type { Aspect } from '../../../shared/domain/aspects.ts';
import { assertNever } from '../../../shared/lib/assert-never.ts';

/**
 * Tells one state of an aspect from the next. Where the order means nothing, it does not
 * count, and neither do names that servers show beside ids. `etag`: of the object, for
 * its headers.
 */
export function revisionOf(aspect: Aspect, etag = ''): string {
  return hash('sha256', JSON.stringify([aspect.aspect, etag, essence(aspect)])).slice(
    0,
    32,
  );
}

/** Whether two values of an aspect are the same to a server. */
export function isSameAspect(a: Aspect, b: Aspect): boolean {
  return revisionOf(a) === revisionOf(b);
}

function essence(aspect: Aspect): unknown {
  switch (aspect.aspect) {
    case 'acl': {
      const { owner, grants } = aspect.value;
      return [
        owner.id,
        grants
          .map(({ grantee, permission }) => {
            const { kind } = grantee;
            const who =
              kind === 'user'
                ? grantee.id
                : kind === 'email'
                  ? grantee.email
                  : grantee.group;
            return `${permission} ${kind} ${who}`;
          })
          .sort(),
      ];
    }
    case 'cors':
      // The first rule that fits counts; within one, any order means the same.
      return aspect.value.map((rule) => ({
        id: rule.id,
        origins: rule.origins.toSorted(),
        methods: rule.methods.toSorted(),
        headers: rule.headers.toSorted(),
        exposed: rule.exposed.toSorted(),
        maxAge: rule.maxAge,
      }));
    case 'tags':
      return aspect.value.map(({ key, value }) => [key, value]).sort(byFirst);
    case 'headers': {
      const { metadata, ...rest } = aspect.value;
      const sorted = Object.entries(rest).sort(byFirst);
      return [sorted, metadata.map(({ name, value }) => [name, value]).sort(byFirst)];
    }
    default:
      return assertNever(aspect);
  }
}

function byFirst(
  [a = '']: readonly (string | undefined)[],
  [b = '']: readonly (string | undefined)[],
): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
