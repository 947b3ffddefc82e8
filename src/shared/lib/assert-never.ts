/** Marks a branch the types say cannot happen. Throws with the value if it does. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
