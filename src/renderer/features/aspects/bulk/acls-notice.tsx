import { unavailableText } from '../../../../shared/messages/aspects.en.ts';
import { Banner } from '../../../components/banner.tsx';
import type { ManyPlace } from '../../../stores/dialogs.ts';
import { useAspect } from '../use-aspect.ts';

/** Says so where the bucket takes no ACLs: every object would only come back as an error. */
export function AclsNotice({ place }: { readonly place: ManyPlace }) {
  const { connectionId, bucket } = place;
  const { state } = useAspect({ connectionId, bucket, key: null }, 'acl');
  const why =
    state.phase === 'unavailable'
      ? state.why
      : state.phase === 'ready'
        ? state.locked
        : null;
  // Keys that may not see or change the bucket's list may well change its objects'.
  if (why === null || why.reason === 'denied') return null;
  const { title, explanation } = unavailableText('acl', why);
  return (
    <Banner tone="warning" title={title}>
      {explanation}
    </Banner>
  );
}
