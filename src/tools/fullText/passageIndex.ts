/** The kept index of a workspace's passages, as the search wants it; two engines keep it. */

/** A stretch of a file's readable text. */
export interface IndexedPassage {
  /** Where it begins: a line of the file, or of the readable text of a document; from 1. */
  readonly line: number;
  /** The page of a PDF, from 1. */
  readonly page?: number;
  /** The heading, slide or sheet that it stands under. */
  readonly section?: string;
  readonly text: string;
}

/** One file as it was read. */
export interface IndexedFile {
  /** Absolute. */
  readonly path: string;
  /** What tells that it is still the same: size, time and inode. */
  readonly stamp: string;
  /** How the model names it: its words count too. */
  readonly shown: string;
  readonly passages: readonly IndexedPassage[];
}

/** A passage that fits a query. */
export interface FoundPassage extends IndexedPassage {
  readonly path: string;
}

/** Lives until it is closed. Everything may throw IndexBroken. */
export interface PassageIndex {
  /** Whether it outlives the run. */
  readonly isKept: boolean;
  /** The stamps of all files that it knows, by their path. */
  readonly stamps: () => ReadonlyMap<string, string>;
  /** Replaces what was known of the files. False where another process writes: nothing was changed. */
  readonly put: (files: readonly IndexedFile[]) => boolean;
  readonly remove: (paths: readonly string[]) => boolean;
  /** Best first, as long as somebody takes more. */
  readonly search: (query: readonly QueryPart[]) => Iterable<FoundPassage>;
  readonly close: () => void;
}

/** A word, or words that stand next to each other; as `searchable` writes them. */
export type QueryPart = readonly string[];

/** The kept file is damaged: it has to be made anew. */
export class IndexBroken extends Error {}
