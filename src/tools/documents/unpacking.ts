/** What one document may unpack to, with all archives in it: one budget for the whole tree, so that nesting multiplies nothing. */

/** Of all members. */
export const maxUnpackedBytes = 256_000_000;

/** What is left. Readers take from it as they go. */
export interface UnpackBudget {
  entries: number;
  bytes: number;
  /** Of the text that is made of members. */
  chars: number;
}

/** A whole budget, for a document that somebody asks for. */
export function unpackBudget(): UnpackBudget {
  return { entries: 10_000, bytes: maxUnpackedBytes, chars: 2_000_000 };
}

/** Whether nothing more is to be unpacked. */
export function isSpent({ entries, bytes, chars }: UnpackBudget): boolean {
  return entries <= 0 || bytes <= 0 || chars <= 0;
}
