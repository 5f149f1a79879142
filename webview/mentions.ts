/** Mentions of files: `@name` in the box, chosen from a list by keyboard or pointer. */
import type { Context } from './context.ts';
import { button, h, icon, setAttributes } from './dom.ts';
import { showControls } from '../src/shared/visibleText.ts';

/** What is being mentioned at the cursor: where its `@` stands and what was typed after it. */
export interface MentionAt {
  readonly start: number;
  readonly query: string;
}

/** The mention that the cursor is in. A name with spaces stands in quotes: `@"my notes.md"`. */
export function mentionAt(text: string, cursor: number): MentionAt | undefined {
  const match = /(?:^|[\s(])@(?:"([^"\n]*)|([^\s"@]*))$/.exec(text.slice(0, cursor));
  if (!match) return undefined;
  return { start: match.index + match[0].indexOf('@'), query: match[1] ?? match[2] ?? '' };
}

/** A path as it stands in the text. */
export function mentionText(path: string): string {
  return /[\s"(),;]/.test(path) ? `@"${path}"` : `@${path}`;
}

/** Those of the chosen paths that the text still mentions. */
export function keptMentions(text: string, chosen: Iterable<string>): readonly string[] {
  return [...new Set(chosen)].filter((path) => text.includes(mentionText(path)));
}

export interface MentionList {
  readonly element: HTMLElement;
  /** Shows what fits; an answer to an older query is ignored. */
  readonly show: (query: string, paths: readonly string[]) => void;
  /** Asks for what fits, or closes the list. */
  readonly ask: (at: MentionAt | undefined) => void;
  /** Whether the list took the key. */
  readonly key: (event: KeyboardEvent) => boolean;
}

/** Makes the list; `choose` gets the path. */
export function createMentions(context: Context, choose: (path: string) => void): MentionList {
  const element = h('div', 'mentions', { role: 'listbox', 'aria-label': 'Files' });
  element.hidden = true;
  const now: { query: string | undefined; paths: readonly string[]; active: number } = {
    query: undefined,
    paths: [],
    active: 0,
  };

  const close = () => {
    now.query = undefined;
    now.paths = [];
    element.hidden = true;
  };
  const pick = (index: number) => {
    const path = now.paths[index];
    close();
    if (path !== undefined) choose(path);
  };
  const move = (to: number) => {
    now.active = (to + now.paths.length) % now.paths.length;
    for (const [index, row] of [...element.children].entries()) {
      setAttributes(row, { 'aria-selected': index === now.active ? 'true' : 'false' });
      if (index === now.active) row.scrollIntoView({ block: 'nearest' });
    }
    context.announce(now.paths[now.active] ?? '');
  };
  return {
    element,
    ask: (at) => {
      if (!at) {
        close();
        return;
      }
      if (now.query === at.query) return;
      now.query = at.query;
      context.post({ type: 'findFiles', query: at.query });
    },
    show: (query, paths) => {
      if (now.query !== query) return;
      now.paths = paths.slice(0, 50);
      element.hidden = paths.length === 0;
      element.replaceChildren(...now.paths.map((path, index) => row(path, () => pick(index))));
      if (paths.length > 0) move(0);
    },
    key: (event) => {
      if (element.hidden) return false;
      if (event.key === 'ArrowDown') move(now.active + 1);
      else if (event.key === 'ArrowUp') move(now.active - 1);
      else if (event.key === 'Enter' || event.key === 'Tab') pick(now.active);
      else if (event.key === 'Escape') element.hidden = true;
      else return false;
      return true;
    },
  };
}

function row(path: string, pick: () => void): HTMLElement {
  const slash = path.lastIndexOf('/');
  const name = h('span', 'name', {}, showControls(path.slice(slash + 1)));
  const folder = h('span', 'folder', {}, showControls(path.slice(0, Math.max(0, slash))));
  const element = button(
    'mention',
    { role: 'option', tabindex: -1, title: path, 'aria-label': path },
    pick,
    icon('file'),
    name,
    folder,
  );
  element.addEventListener('pointerdown', (event) => event.preventDefault());
  return element;
}
