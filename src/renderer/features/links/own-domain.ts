import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { ConnectionInfo } from '../../../shared/contract/connections.ts';
import type { ConnectionId } from '../../../shared/domain/ids.ts';
import { customDomainUrl } from '../../../shared/domain/link-text.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { useServices } from '../../app/services.ts';

/** Domains remembered; the one that was typed longest ago goes first. */
const MOST_DOMAINS = 500;

/** Names a bucket for longer than a connection lives: by its bookmark, else by its server. */
export function domainKey(
  connection: Pick<ConnectionInfo, 'bookmarkId' | 'endpoint'> | null,
  bucket: string,
): string {
  return JSON.stringify([connection?.bookmarkId ?? connection?.endpoint ?? '', bucket]);
}

/** The remembered domains with one set, or forgotten when `domain` is empty. */
export function withDomain(
  domains: Settings['linkDomains'],
  key: string,
  domain: string,
): Settings['linkDomains'] {
  const others = Object.entries(domains).filter(([name]) => name !== key);
  if (domain === '') return Object.fromEntries(others);
  return Object.fromEntries([...others.slice(1 - MOST_DOMAINS), [key, domain]]);
}

/** A bucket's own domain as it is typed, remembered for each connection and bucket. */
export function useOwnDomain(
  connectionId: ConnectionId,
  bucket: string,
): {
  readonly domain: string;
  readonly type: (text: string) => void;
  /** Remembers what was typed, unless it is no domain. */
  readonly keep: () => void;
} {
  const { connections, settings } = useServices();
  const key = domainKey(connections.get(connectionId), bucket);
  const known = useStore(settings.store, (state) => state.settings?.linkDomains[key]);
  const [typed, setTyped] = useState<string | null>(null);

  function keep(): void {
    if (typed === null) return;
    const domain = typed.trim();
    const now = settings.store.getState().settings;
    if (now === null || (domain !== '' && customDomainUrl(domain, '') === null)) return;
    if (domain === (now.linkDomains[key] ?? '')) return;
    settings.change({ linkDomains: withDomain(now.linkDomains, key, domain) });
  }

  // Another row may be chosen while the field has the focus: nothing tells of that.
  const latest = useRef(keep);
  useEffect(() => {
    latest.current = keep;
  });
  useEffect(() => () => latest.current(), []);

  return { domain: typed ?? known ?? '', type: setTyped, keep };
}
