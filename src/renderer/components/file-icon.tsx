import type { ReactNode } from 'react';
import styles from './file-icon.module.css';
import type { FileKind } from './file-kind.ts';

/** Props of {@link FileIcon}. */
export interface FileIconProps {
  readonly kind: FileKind;
  /** Width in pixels, 16 unless told. */
  readonly size?: number;
}

/** The sign on the sheet of paper, on a 16 × 16 grid, between y = 6.5 and y = 13. */
const SIGNS: Readonly<Record<Exclude<FileKind, 'folder' | 'bucket'>, ReactNode>> = {
  image: (
    <>
      <circle cx="6.4" cy="8" r="0.9" fill="currentColor" stroke="none" />
      <path
        d="M4.8 12.4l2.3-2.6 1.3 1.3 1.2-1.5 1.7 2.8z"
        fill="currentColor"
        stroke="none"
      />
    </>
  ),
  video: <path d="M6.3 7.4v4.4l3.9-2.2z" fill="currentColor" stroke="none" />,
  audio: (
    <>
      <path d="M7.2 11.6V7.3l3-.7v4.1" />
      <circle cx="6.3" cy="11.6" r="1" fill="currentColor" stroke="none" />
      <circle cx="9.3" cy="10.8" r="1" fill="currentColor" stroke="none" />
    </>
  ),
  text: <path d="M5.3 7.7h5.4M5.3 9.7h5.4M5.3 11.7h3.4" />,
  code: <path d="M6.7 7.8L5 9.6l1.7 1.8M9.3 7.8L11 9.6l-1.7 1.8" />,
  data: (
    <path d="M6.9 7.2c-1.4 0-.5 2-1.7 2.4 1.2.4.3 2.4 1.7 2.4M9.1 7.2c1.4 0 .5 2 1.7 2.4-1.2.4-.3 2.4-1.7 2.4" />
  ),
  archive: <path d="M8 2v1.4M8 4.8v1.4M8 7.6V9M7.1 10.1h1.8v2.2H7.1z" />,
  pdf: <path d="M5.2 12.1c2-1.2 3-3.6 2.7-5.1-.2-.8-1-.6-.9.3.2 1.8 1.9 3.5 3.9 3.6" />,
  sheet: <path d="M5.2 7.300h5.600v4.800H5.200zM5.2 9.700h5.600M8 7.300v4.8" />,
  slides: <path d="M5.1 7.400h5.800v3.400H5.100zM8 10.800v1.6" />,
  font: <path d="M5.6 12l2.4-5 2.4 5M6.5 10.300h3" />,
  disk: (
    <>
      <circle cx="8" cy="9.6" r="2.6" />
      <circle cx="8" cy="9.6" r="0.6" fill="currentColor" stroke="none" />
    </>
  ),
  file: null,
};

/** The icon of a folder, a bucket or a kind of file. Decoration: names stand next to it. */
export function FileIcon({ kind, size = 16 }: FileIconProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      aria-hidden="true"
      className={styles[kind]}
    >
      {picture(kind)}
    </svg>
  );
}

function picture(kind: FileKind): ReactNode {
  if (kind === 'folder') {
    return (
      <>
        <path
          className={styles.folderBack}
          d="M1.5 3.900c0-.7.5-1.2 1.2-1.200h3.100c.3 0 .6.1.8.300l1.1 1.100h5.600c.7 0 1.2.5 1.2 1.200v6.500H1.500z"
        />
        <path
          className={styles.folderFront}
          d="M1.5 6.200c0-.4.3-.7.7-.7h11.600c.4 0 .7.3.7.7v5.900c0 .7-.5 1.2-1.2 1.200H2.700c-.7 0-1.2-.5-1.2-1.200z"
        />
      </>
    );
  }
  if (kind === 'bucket') {
    return (
      <>
        <path
          className={styles.bucketBody}
          d="M2.3 4.200l1.3 8.600c.1.9 2 1.6 4.4 1.600s4.3-.7 4.4-1.600l1.3-8.600z"
        />
        <ellipse className={styles.bucketTop} cx="8" cy="4" rx="5.8" ry="2.3" />
      </>
    );
  }
  return (
    <>
      <path
        className={styles.paper}
        d="M3.5 2.500c0-.6.4-1 1-1h4.800l3.2 3.200v8.800c0 .6-.400 1-1 1h-7c-.6 0-1-.4-1-1z"
      />
      <path className={styles.fold} d="M9.3 1.500v2.700c0 .3.2.5.5.5h2.7" />
      <g
        stroke="currentColor"
        strokeWidth="1"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        {SIGNS[kind]}
      </g>
    </>
  );
}
