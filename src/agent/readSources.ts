/** The list of what was read, for the request of the answer: so that what is out of view can be cited too. */
import { ledgerOf } from '../shared/ledger.ts';
import type { Trajectory } from '../shared/trajectory.ts';
import { showControls } from '../shared/visibleText.ts';

const mostSources = 60;
const longestUri = 300;
const longestTitle = 100;

/** One line a source that was read, the newest `mostSources`, in the order in which they were met; empty without any. */
export function readSources(trajectory: Pick<Trajectory, 'items'>): readonly string[] {
  const lines = new Map<number, string>();
  for (const { evidence, source } of ledgerOf(trajectory)) {
    const { uri, title, kind } = evidence;
    if (kind === 'hit' || uri.length > longestUri || lines.has(source)) continue;
    lines.set(source, `- ${oneLine(uri)}${title === undefined ? '' : ` (${oneLine(title).slice(0, longestTitle)})`}`);
  }
  return [...lines.values()].slice(-mostSources);
}

function oneLine(text: string): string {
  return showControls(text.replace(/\s+/g, ' ').trim());
}
