import { parseEndpoint } from '../../../shared/domain/endpoint.ts';
import type { ConnectionForm } from './connection-form.ts';

/** The line under the endpoint: what the dialog understood. Empty when it did not. */
export function understood(form: ConnectionForm): string {
  const parsed = parseEndpoint(form.endpoint);
  if (!parsed.ok) return '';
  const usualPort = parsed.secure ? 443 : 80;
  const parts = [
    parsed.secure ? 'https' : 'http',
    parsed.port === usualPort ? parsed.host : `${parsed.host} · port ${parsed.port}`,
  ];
  const region = parsed.region === '' ? form.region.trim() : parsed.region;
  parts.push(region === '' ? 'region asked from the server' : `region ${region}`);
  if (form.movedRoot !== '') {
    parts.push(`${form.movedRoot} moved to Bucket or path`);
  } else if (parsed.bucket !== null && form.root.trim() === '') {
    parts.push(`bucket ${parsed.bucket}${parsed.path === '' ? '' : `/${parsed.path}`}`);
  } else if (parsed.bucket !== null) {
    parts.push(`bucket ${parsed.bucket} ignored: another one is filled in below`);
  }
  for (const note of parsed.notes) {
    if (note.kind === 'object-name-dropped') parts.push(`without the file ${note.name}`);
    if (note.kind === 'query-dropped') {
      parts.push(note.signed ? 'without the link’s signature' : 'without the query');
    }
    if (note.kind === 'host-replaced') parts.push(`instead of ${note.from}`);
  }
  return parts.join(' · ');
}
