/** What a system error says of itself. */

/** `ENOENT` and its like; undefined for other errors. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
