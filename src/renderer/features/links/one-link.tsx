import { Copy } from 'lucide-react';
import { quoted, type Shell } from '../../../shared/domain/commands/quote.ts';
import type { SignedLink } from '../../../shared/domain/exposure.ts';
import {
  LINK_FORMATS,
  type LinkFormat,
  linkText,
} from '../../../shared/domain/link-text.ts';
import { baseName } from '../../../shared/domain/remote-path.ts';
import { useServices } from '../../app/services.ts';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { LinkTest } from './link-test.tsx';
import styles from './links.module.css';
import { QrCode } from './qr-code.tsx';
import { TemporaryKeys } from './temporary-keys.tsx';
import { useShell } from './use-shell.ts';

const FORMAT_LABELS: Readonly<Record<LinkFormat, string>> = {
  plain: 'Address',
  shell: 'Quoted for the Shell',
  markdown: 'Markdown',
  html: 'HTML',
};

/** A link that was made: to copy, to show to a phone, and to try. */
export function OneLink(props: {
  readonly link: SignedLink;
  readonly method: 'GET' | 'PUT';
  readonly contentType: string;
}) {
  const { link, method, contentType } = props;
  const { format } = useServices();
  const shell = useShell();
  const copy = useCopy();
  const named = { name: baseName(link.key), url: link.url };
  return (
    <div className={styles.result}>
      <div className={styles.row}>
        <textarea
          readOnly
          className={styles.url}
          aria-label="The link"
          value={link.url}
          onFocus={(event) => event.currentTarget.select()}
        />
        <QrCode text={link.url} label={`QR code of the link to ${named.name}`} />
      </div>
      <p className={styles.hint}>
        Ends {format.date(link.expiresAt)}
        {link.endsWithSession && ' at the latest'}.
      </p>
      {link.endsWithSession && <TemporaryKeys many={false} />}
      <div className={styles.actions}>
        <Button
          variant="primary"
          icon={<Copy size={14} aria-hidden="true" />}
          onClick={() => copy(link.url, 'Copied the link')}
        >
          Copy Link
        </Button>
        <Menu
          trigger={<Button hasMenu>Copy As</Button>}
          items={LINK_FORMATS.map((each) => ({
            kind: 'item',
            id: each,
            label: FORMAT_LABELS[each],
            onSelect: () =>
              copy(linkText(named, each, shell), `Copied: ${FORMAT_LABELS[each]}`),
          }))}
        />
        <LinkTest
          key={link.url}
          label="Test Link"
          links={[named]}
          kind={method === 'GET' ? 'download' : 'upload'}
          contentType={contentType}
        />
      </div>
      {method === 'PUT' && (
        <UploadHelp url={link.url} contentType={contentType} shell={shell} />
      )}
    </div>
  );
}

/** How to use an upload link without Dipper. */
function UploadHelp(props: {
  readonly url: string;
  readonly contentType: string;
  readonly shell: Shell;
}) {
  const { url, contentType, shell } = props;
  const copy = useCopy();
  const header =
    contentType === '' ? '' : ` -H ${quoted(`Content-Type: ${contentType}`, shell)}`;
  const command = `curl -T FILE${header} ${quoted(url, shell)}`;
  return (
    <p className={styles.hint}>
      For example with <code>curl -T FILE …</code>
      <Button variant="plain" onClick={() => copy(command, 'Copied the command')}>
        Copy Command
      </Button>
    </p>
  );
}

function useCopy(): (text: string, title: string) => void {
  const { api, toasts, reportError } = useServices();
  return (text, title) => {
    api.app
      .copyText({ text })
      .then(() => toasts.show({ tone: 'success', title }))
      .catch(reportError);
  };
}
