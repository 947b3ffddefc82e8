import 'react';

declare module 'react' {
  /** Custom properties may be set through style props. */
  interface CSSProperties {
    readonly [property: `--${string}`]: string | number | undefined;
  }
}
