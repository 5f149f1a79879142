/** What outlives a reload beside the log: the draft, and what a person opened or closed in the run shown. */

/** VS Code's store for one webview. */
export interface StateStore {
  readonly getState: () => unknown;
  readonly setState: (state: unknown) => unknown;
}

export interface Kept {
  readonly opened: Map<string, boolean>;
  readonly draft: () => string;
  readonly setDraft: (text: string) => void;
  readonly save: () => void;
}

const maxOpened = 2_000;

/** Reads what was kept; anything else than what `save` writes counts as nothing. */
export function keepState(store: StateStore): Kept {
  const state = store.getState();
  const read =
    typeof state === 'object' && state !== null
      ? new Map<string, unknown>(Object.entries(state))
      : new Map<string, unknown>();
  const entries: unknown = read.get('opened');
  const opened = new Map(Array.isArray(entries) ? entries.filter(isEntry) : []);
  const draft = read.get('draft');
  const now = { draft: typeof draft === 'string' ? draft : '' };
  const save = () => {
    store.setState({ draft: now.draft, opened: [...opened].slice(-maxOpened) });
  };
  return {
    opened,
    draft: () => now.draft,
    setDraft: (text) => {
      now.draft = text;
      save();
    },
    save,
  };
}

function isEntry(value: unknown): value is [string, boolean] {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'boolean';
}
