import { assertNever } from '../../../shared/lib/assert-never.ts';
import type { RunContext, RunOutcome } from './run-context.ts';
import { runCopy } from './run-copy.ts';
import { runDelete } from './run-delete.ts';
import { runDownload } from './run-download.ts';
import { runEdit } from './run-edit.ts';
import { runUpload } from './run-upload.ts';

/** Does what a row says. Throws `AppError`; `transfer.cancelled` when it was stopped. */
export function runTransfer(context: RunContext): Promise<RunOutcome> {
  const { kind } = context.row;
  switch (kind) {
    case 'upload':
      return runUpload(context);
    case 'download':
      return runDownload(context);
    case 'delete':
      return runDelete(context);
    case 'move':
    case 'copy':
      return runCopy(context);
    case 'edit':
      return runEdit(context);
    default:
      return assertNever(kind);
  }
}
