/** Dipper's mark in one colour: the bird over the water, as in `assets/mark.svg`. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path
        fill="currentColor"
        fillRule="evenodd"
        d="M5.6 6.7C6.2 4.2 8.6 2.9 10.9 3.5c2.2.6 3.2 2.6 4.7 3.7 1.2.9 2.5.5 3.8-1 .5-.6 1.4-.2 1.3.6-.5 3.7-1.5 6.9-3.7 8.9-.9-.3-1.8-.3-2.7 0-1.4.45-2.8.45-4.2.1 1.3-2.1 1.2-4.5-.1-5.9-1.1-1.1-2.9-1.4-4.8-.9L2.3 8.7c-.5-.1-.5-.7-.1-.9Zm3.1-.9a.95.95 0 1 0 .01 0Z"
      />
      <path
        d="M2.2 18.7c1.9-1.2 4-1.2 6 0s4.2 1.2 6.3 0 4.1-1.2 6.8.2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
      />
    </svg>
  );
}
