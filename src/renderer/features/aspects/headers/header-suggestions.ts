import { CONTENT_TYPES } from '../../../../shared/domain/content-types.ts';
import type { Suggestion } from '../../../components/suggest-input.tsx';
import type { HeaderField } from './headers-model.ts';

/** Ready-made values of Cache-Control. */
export const CACHE_PRESETS: readonly Suggestion[] = [
  { value: 'no-cache', label: 'Ask the server each time' },
  { value: 'no-store', label: 'Keep nothing' },
  { value: 'max-age=3600', label: 'One hour' },
  { value: 'max-age=86400', label: 'One day' },
  { value: 'public, max-age=2592000', label: '30 days' },
  {
    value: 'public, max-age=31536000, immutable',
    label: 'One year: the name changes with the content',
  },
  { value: 'private, max-age=3600', label: 'One hour, in browsers only' },
];

const ENCODINGS: readonly Suggestion[] = [
  { value: 'gzip', label: 'Content is compressed with gzip' },
  { value: 'br', label: 'Brotli' },
  { value: 'zstd', label: 'Zstandard' },
];

/** Media types one may know by their extension. */
function contentTypes(): readonly Suggestion[] {
  const names = new Map<string, string[]>();
  for (const [extension, type] of Object.entries(CONTENT_TYPES)) {
    names.set(type, [...(names.get(type) ?? []), `.${extension}`]);
  }
  return [...names].map(([value, extensions]) => ({
    value,
    label: extensions.slice(0, 4).join(' '),
  }));
}

/** What may be taken over into the field of a header. `name` is the object's. */
export function headerSuggestions(
  field: HeaderField,
  name: string,
): readonly Suggestion[] {
  switch (field) {
    case 'contentType':
      return contentTypes();
    case 'contentDisposition':
      return [
        { value: 'inline', label: 'Shown in the browser' },
        { value: 'attachment', label: 'Saved to disk' },
        ...(name === ''
          ? []
          : [{ value: `attachment; ${filenameParameter(name)}`, label: 'Saved as' }]),
      ];
    case 'cacheControl':
      return CACHE_PRESETS;
    case 'contentEncoding':
      return ENCODINGS;
    default:
      return [];
  }
}

/**
 * A file name as Content-Disposition takes it; other letters than ASCII in the form of
 * RFC 8187.
 */
export function filenameParameter(name: string): string {
  if (/^[\x20-\x7e]*$/.test(name)) {
    return `filename="${name.replace(/["\\]/g, (letter) => `\\${letter}`)}"`;
  }
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `filename*=UTF-8''${encoded}`;
}
