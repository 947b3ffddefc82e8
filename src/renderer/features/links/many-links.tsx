import type { SignedLink } from '../../../shared/domain/exposure.ts';
import { linksAsCsv, linksAsMarkdown } from '../../../shared/domain/link-text.ts';
import { baseName } from '../../../shared/domain/remote-path.ts';
import { useServices } from '../../app/services.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { MOST_LINKS } from './gather-keys.ts';
import { LinkTest } from './link-test.tsx';
import styles from './links.module.css';
import { TemporaryKeys } from './temporary-keys.tsx';

/** Links that were made to many objects: to copy or to save as one list. */
export function ManyLinks(props: {
  readonly links: readonly SignedLink[];
  readonly cutOff: boolean;
  readonly method: 'GET' | 'PUT';
  readonly contentType: string;
}) {
  const { links, cutOff, method, contentType } = props;
  const { api, toasts, format, reportError } = useServices();
  const listed = links.map((link) => ({ ...link, name: baseName(link.key) }));
  const ends = links[0]?.expiresAt;
  const temporary = links[0]?.endsWithSession === true;

  function save(kind: 'csv' | 'md'): void {
    const text = kind === 'csv' ? linksAsCsv(listed) : linksAsMarkdown(listed);
    api.documents
      .save({ kind: 'links', format: kind, text })
      .then(({ path }) => {
        if (path !== null) {
          toasts.show({ tone: 'success', title: 'Saved the links', description: path });
        }
        return undefined;
      })
      .catch(reportError);
  }

  function copy(text: string): void {
    api.app
      .copyText({ text })
      .then(() => toasts.show({ tone: 'success', title: 'Copied the links' }))
      .catch(reportError);
  }

  return (
    <div className={styles.result}>
      {cutOff && (
        <Banner tone="warning" title="There are more objects">
          These are the first {format.count(MOST_LINKS)}. For the rest, select fewer at
          once.
        </Banner>
      )}
      <p>
        {format.count(links.length)} {links.length === 1 ? 'link' : 'links'}
        {ends !== undefined && `, ending ${format.date(ends)}`}
        {temporary && ' at the latest'}.
      </p>
      {temporary && <TemporaryKeys many />}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- arrows scroll it */}
      <ul className={styles.list} aria-label="Links" tabIndex={0}>
        {listed.slice(0, 100).map((link) => (
          <li key={link.key} className={styles.listed}>
            {link.key}
          </li>
        ))}
        {listed.length > 100 && <li className={styles.hint}>…</li>}
      </ul>
      <div className={styles.actions}>
        <Button variant="primary" onClick={() => save('csv')}>
          Save as CSV…
        </Button>
        <Button onClick={() => save('md')}>Save as Markdown…</Button>
        <Menu
          trigger={<Button hasMenu>Copy As</Button>}
          items={[
            {
              kind: 'item',
              id: 'plain',
              label: 'Addresses',
              onSelect: () => copy(listed.map(({ url }) => `${url}\n`).join('')),
            },
            {
              kind: 'item',
              id: 'markdown',
              label: 'Markdown',
              onSelect: () => copy(linksAsMarkdown(listed)),
            },
          ]}
        />
        <LinkTest
          key={links[0]?.url}
          label="Test Links"
          links={links.map(({ key, url }) => ({ name: key, url }))}
          kind={method === 'GET' ? 'download' : 'upload'}
          contentType={contentType}
        />
      </div>
    </div>
  );
}
