import { CONTENT_TYPES } from './content-types.ts';

/** The content type for a file name or key; `application/octet-stream` when unknown. */
export function contentTypeFor(name: string): string {
  if (name.endsWith('/')) return 'application/x-directory';
  const base = name.slice(name.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  const extension = dot > 0 ? base.slice(dot + 1).toLowerCase() : '';
  return Object.hasOwn(CONTENT_TYPES, extension)
    ? (CONTENT_TYPES[extension] ?? 'application/octet-stream')
    : 'application/octet-stream';
}
