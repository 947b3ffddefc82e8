import { Banner } from '../../components/banner.tsx';

/**
 * Warns of links that were signed with temporary keys: the end that is signed holds only
 * while the keys do, and a session token does not tell when that is over.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
 */
export function TemporaryKeys({ many }: { readonly many: boolean }) {
  const links = many ? 'these links' : 'this link';
  return (
    <Banner
      tone="warning"
      title={`Temporary keys: ${links} may stop working before that`}
    >
      Once the session token of this connection runs out, usually within 12 hours of its
      issue, the server refuses {links} (“ExpiredToken”). The token does not say when that
      is; whoever issued it knows. For {many ? 'links that last' : 'a link that lasts'},
      connect with keys that do not expire.
    </Banner>
  );
}
