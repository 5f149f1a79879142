/** What the panel's parts share. */
import type { FromWebview } from '../src/shared/protocol.ts';
import type { View } from './view.ts';

export interface Context {
  readonly post: (intention: FromWebview) => void;
  /** Which disclosures a person opened or closed, by key; whoever has none is as it likes. */
  readonly opened: Map<string, boolean>;
  readonly view: () => View;
  /** Called when `opened` changed, to be kept over a reload. */
  readonly remember: () => void;
  /** Says something to screen readers, politely or at once. */
  readonly announce: (text: string, urgency?: 'polite' | 'assertive') => void;
}

/** A part of the panel: an element, and how it follows the view. */
export interface Part {
  readonly element: HTMLElement;
  readonly update: (view: View) => void;
}

/** Sends an intention that concerns the run shown; nothing without one. */
export function postAboutRun(
  { view, post }: Pick<Context, 'view' | 'post'>,
  type: 'stop' | 'pause' | 'goOn' | 'answerNow' | 'resume' | 'copyAnswer' | 'exportMarkdown',
): void {
  const { runId } = view();
  if (runId !== null) post({ type, runId });
}
