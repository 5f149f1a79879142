/** What the panel's parts share. */
import type { FromWebview } from '../src/shared/protocol.ts';
import type { Pictures } from './pictures.ts';
import type { View } from './view.ts';

export interface Context {
  readonly post: (intention: FromWebview) => void;
  /** Which disclosures a person opened or closed, by key; whoever has none is as it likes. */
  readonly opened: Map<string, boolean>;
  /** Texts typed and not sent yet, by key: `keepDraft` writes them. */
  readonly drafts: Map<string, string>;
  readonly view: () => View;
  readonly pictures: Pictures;
  /** Called when `opened` or `drafts` changed, to be kept over a reload. */
  readonly remember: () => void;
  /** Says something to screen readers, politely or at once. */
  readonly announce: (text: string, urgency?: 'polite' | 'assertive') => void;
}

/** A part of the panel: an element, and how it follows the view. */
export interface Part {
  readonly element: HTMLElement;
  readonly update: (view: View) => void;
}

/** Keeps a text over reloads until it is sent; undefined forgets it. */
export function keepDraft({ drafts, remember }: Context, key: string, text: string | undefined): void {
  if (text === undefined && !drafts.has(key)) return;
  drafts.delete(key);
  if (text !== undefined) drafts.set(key, text);
  remember();
}

/** Sends an intention that concerns the run shown; nothing without one. */
export function postAboutRun(
  { view, post }: Pick<Context, 'view' | 'post'>,
  type:
    | ('stop' | 'pause' | 'goOn' | 'answerNow' | 'resume' | 'copyAnswer' | 'exportMarkdown' | 'exportReport')
    | ('showChanges' | 'keepSomeChanges'),
): void {
  const { runId } = view();
  if (runId !== null) post({ type, runId });
}
