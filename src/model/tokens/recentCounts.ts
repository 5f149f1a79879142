/** Counts of texts that are likely asked for again. */

/** What is held at most: the characters of about two full context windows, and so many texts. */
const defaultLimits = { chars: 2_000_000, texts: 10_000 };

/** A map from text to its count. What was not used while half of the limit was filled anew is forgotten. */
export function recentCounts(limits = defaultLimits): {
  readonly get: (text: string) => number | undefined;
  readonly set: (text: string, count: number) => void;
  /** The texts that are held. */
  readonly size: () => number;
} {
  let older = new Map<string, number>();
  let newer = new Map<string, number>();
  let newerChars = 0;
  const set = (text: string, count: number) => {
    if (newer.has(text) || text.length > limits.chars / 2) return;
    older.delete(text);
    if (newerChars + text.length > limits.chars / 2 || newer.size >= limits.texts / 2) {
      older = newer;
      newer = new Map();
      newerChars = 0;
    }
    newer.set(text, count);
    newerChars += text.length;
  };
  return {
    get: (text) => {
      const count = newer.get(text) ?? older.get(text);
      if (count !== undefined) set(text, count);
      return count;
    },
    set,
    size: () => newer.size + older.size,
  };
}
