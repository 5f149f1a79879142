/** The links of the pages that a run has read, found again in its stored evidence. */
import type { TrajectoryEvent } from '../shared/events.ts';
import { readBlob } from '../store/blobs.ts';
import { linksInMarkdown } from '../tools/web/addresses.ts';

/** One list a page, oldest first. A page that cannot be read any more has none. */
export async function* linksOfPages(
  runFolder: string,
  events: readonly TrajectoryEvent[],
  signal: AbortSignal,
): AsyncIterable<readonly string[]> {
  for (const event of events) {
    if (event.type !== 'tool.finished') continue;
    for (const { kind, text } of event.sources ?? []) {
      if (kind !== 'page' || !text) continue;
      signal.throwIfAborted();
      const bytes = await readBlob(runFolder, text).catch(() => undefined);
      if (bytes) yield linksInMarkdown(bytes.toString());
    }
  }
}
