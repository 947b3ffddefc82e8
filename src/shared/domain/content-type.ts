import { CONTENT_TYPES } from './content-types.ts';

/** The content type for a file name or key; `application/octet-stream` when unknown. */
export function contentTypeFor(name: string): string {
  return knownContentType(name) || 'application/octet-stream';
}

/** The content type that a name's extension stands for; empty: nobody knows. */
export function knownContentType(name: string): string {
  if (name.endsWith('/')) return 'application/x-directory';
  const base = name.slice(name.lastIndexOf('/') + 1);
  const dot = base.lastIndexOf('.');
  const extension = dot > 0 ? base.slice(dot + 1).toLowerCase() : '';
  return Object.hasOwn(CONTENT_TYPES, extension) ? (CONTENT_TYPES[extension] ?? '') : '';
}
