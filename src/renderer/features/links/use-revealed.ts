import { type RefObject, useEffect, useRef } from 'react';

/** What has just come into a sheet is scrolled to: in a small window it is out of sight. */
export function useRevealed<Shown extends HTMLElement>(): RefObject<Shown | null> {
  const shown = useRef<Shown>(null);
  useEffect(() => {
    shown.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return shown;
}
