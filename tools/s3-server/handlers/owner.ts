import { canonicalId } from '../store/acl.ts';
import { branch, leaf } from '../xml.ts';

/** An owner or initiator element. */
export function owner(element: string, account: string): string {
  return branch(element, leaf('ID', canonicalId(account)), leaf('DisplayName', account));
}
