import { head } from '../s3/get-object.ts';
import type { Requester } from '../s3/requester.ts';
import type { Cancellable, ObjectRef } from '../s3/s3-connection.ts';
import type { HeaderState } from './aspect-calls.ts';
import { headerState } from './header-state.ts';

/** HeadObject as the editor of headers needs it. */
export async function readHeaders(
  requester: Requester,
  input: ObjectRef & Cancellable,
): Promise<HeaderState> {
  return headerState(await head(requester, input));
}
