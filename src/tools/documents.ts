/**
 * The editor's documents, as far as file tools mind them: those with unsaved changes. A file that is open without any is
 * read and written on disk, and the editor takes the new text over by itself, as a step that can be undone.
 *
 * What the person has not saved stays unsaved: an edit goes into the buffer, where it can be undone, and the observation
 * says that commands see the old text until the person saves. Saving for them would publish what they were not done with.
 */

/** A cell as it stands in an open notebook. */
export interface OpenCell {
  readonly type: 'code' | 'markdown' | 'raw';
  readonly source: string;
  readonly outputs: readonly string[];
}

/** One change to a notebook; cells count from 0. */
export type CellChange =
  | { readonly kind: 'replace'; readonly index: number; readonly source: string; readonly type: OpenCell['type'] }
  | { readonly kind: 'insert'; readonly index: number; readonly source: string; readonly type: OpenCell['type'] }
  | { readonly kind: 'delete'; readonly index: number };

/** Paths are absolute and without links. */
export interface Documents {
  /** The files with unsaved changes. */
  readonly unsaved: () => Promise<readonly string[]>;
  /** A text document's buffer where it has unsaved changes. */
  readonly text: (path: string) => Promise<string | undefined>;
  /** Replaces a buffer as one step that can be undone; false where it is no longer `before`, or closed. */
  readonly replace: (path: string, before: string, after: string) => Promise<boolean>;
  /** A notebook's cells where it has unsaved changes. */
  readonly cells: (path: string) => Promise<readonly OpenCell[] | undefined>;
  /** Changes an open notebook; false where `before` is no longer what it has, or it is closed. */
  readonly changeCell: (path: string, before: readonly OpenCell[], change: CellChange) => Promise<boolean>;
}

/** Where there is no editor. */
export const noDocuments: Documents = {
  unsaved: async () => [],
  text: async () => undefined,
  replace: async () => false,
  cells: async () => undefined,
  changeCell: async () => false,
};
