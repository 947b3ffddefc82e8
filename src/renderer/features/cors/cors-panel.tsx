import { AspectSummary } from '../aspects/aspect-summary.tsx';
import { type InspectorSubject, placeOf } from '../inspector/subject.ts';
import { CorsSummary } from './cors-summary.tsx';

/** Whether the inspector is about a bucket: rules are of buckets alone. */
export function isAboutBucket(subject: InspectorSubject): boolean {
  return placeOf(subject)?.key === null;
}

/** The CORS rules of a bucket in the inspector. */
export function CorsPanel({ subject }: { readonly subject: InspectorSubject }) {
  const place = placeOf(subject);
  if (place === null || place.key !== null) return null;
  return (
    <AspectSummary place={place} aspect="cors" title="CORS Rules" Content={CorsSummary} />
  );
}
