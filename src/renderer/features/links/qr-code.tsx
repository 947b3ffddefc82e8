import { encode } from 'uqr';
import styles from './links.module.css';

/** Modules around the code that stay white: what readers need. */
const QUIET = 4;
/** Width of a code that needs no more, pixels. */
const USUAL = 136;
/** Pixels of a module: whole ones, and enough for a camera. */
const LEAST = 2;
/** Longer texts fit no code. */
const MOST_CHARACTERS = 2_900;

/** A QR code of a text: dark on white in every theme, as readers want it. */
export function QrCode({
  text,
  label,
}: {
  readonly text: string;
  readonly label: string;
}) {
  if (text.length > MOST_CHARACTERS) {
    return <p className={styles.hint}>This link is too long for a QR code.</p>;
  }
  const { data, size } = encode(text, { ecc: 'L', border: QUIET });
  const path = data
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  const width = size * Math.max(LEAST, Math.floor(USUAL / size));
  return (
    <svg
      className={styles.qr}
      width={width}
      height={width}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
