/** One line on a terminal. */
import type { styleText } from 'node:util';
import { showControls } from '../shared/visibleText.ts';

/** Styles a text where styles are shown. */
export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** The first line of a text, cut to what fits on a terminal, with what would steer that shown. */
export function firstLine(text: string, length = 160): string {
  const line = showControls(text.trim().split('\n', 1)[0] ?? '');
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}
