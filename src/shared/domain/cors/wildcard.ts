/** Whether a text fits a pattern of S3's CORS rules: one `*` stands for any run. */
export function fitsWildcard(pattern: string, text: string): boolean {
  const star = pattern.indexOf('*');
  if (star === -1) return pattern === text;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  return (
    text.length >= before.length + after.length &&
    text.startsWith(before) &&
    text.endsWith(after)
  );
}

/** Whether a header's name fits a pattern: case counts for nothing there. */
export function fitsHeader(pattern: string, name: string): boolean {
  return fitsWildcard(pattern.toLowerCase(), name.toLowerCase());
}

/** How many `*` a pattern has. */
export function wildcardsIn(pattern: string): number {
  return pattern.split('*').length - 1;
}
