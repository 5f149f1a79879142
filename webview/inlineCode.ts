/** Text with `code` in it. */
import { showControls } from '../src/shared/visibleText.ts';
import { h } from './dom.ts';

/** The text as nodes: what stands between backticks is code, and nothing else is markup. */
export function inlineCode(text: string): readonly Node[] {
  return showControls(text)
    .split('`')
    .map((part, at, parts) => (at % 2 === 1 && at < parts.length - 1 ? h('code', '', {}, part) : new Text(part)));
}
