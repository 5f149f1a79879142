/** What outlives a reload beside the log: the drafts, and what a person opened or closed in the run shown. */

/** VS Code's store for one webview. */
export interface StateStore {
  readonly getState: () => unknown;
  readonly setState: (state: unknown) => unknown;
}

export interface Kept {
  readonly opened: Map<string, boolean>;
  /** Texts that were typed elsewhere than in the box and not sent yet, by key. */
  readonly drafts: Map<string, string>;
  readonly draft: () => string;
  readonly setDraft: (text: string) => void;
  readonly save: () => void;
}

const maxOpened = 2_000;
const maxDrafts = 50;

/** Reads what was kept; anything else than what `save` writes counts as nothing. */
export function keepState(store: StateStore): Kept {
  const state = store.getState();
  const read =
    typeof state === 'object' && state !== null
      ? new Map<string, unknown>(Object.entries(state))
      : new Map<string, unknown>();
  const opened = new Map(listOf(read.get('opened')).filter(isChoice));
  const drafts = new Map(listOf(read.get('drafts')).filter(isDraft));
  const draft = read.get('draft');
  const now = { draft: typeof draft === 'string' ? draft : '' };
  const save = () => {
    const typed = [...drafts].slice(-maxDrafts);
    store.setState({ draft: now.draft, opened: [...opened].slice(-maxOpened), drafts: typed });
  };
  return {
    opened,
    drafts,
    draft: () => now.draft,
    setDraft: (text) => {
      now.draft = text;
      save();
    },
    save,
  };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isChoice(value: unknown): value is [string, boolean] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'boolean';
}

function isDraft(value: unknown): value is [string, string] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string';
}
