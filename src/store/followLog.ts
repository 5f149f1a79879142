/** Follows a log that another process writes. Reading never writes. */
import { watch } from 'node:fs';
import { join } from 'node:path';
import type { TrajectoryEvent } from '../shared/events.ts';
import { logFile } from './logFile.ts';
import { parseLog, readFrom } from './readLog.ts';

/** How often the file is looked at where watching tells nothing (network file systems), in ms. */
const pollMs = 1_000;

/** Calls back with every new fact behind `from`, in order, until disposed. */
export function followLog(
  runFolder: string,
  from: { readonly count: number; readonly end: number },
  onEvents: (events: readonly TrajectoryEvent[]) => void,
): { dispose: () => void } {
  let { count, end } = from;
  let disposed = false;
  let reading: Promise<void> | undefined;
  let wakes = 0;
  const look = async () => {
    for (;;) {
      const woken = wakes;
      const read = parseLog(await readFrom(runFolder, end), count);
      if (disposed) return;
      count += read.events.length;
      end += read.end;
      if (read.events.length > 0) onEvents(read.events);
      if (woken === wakes) return;
    }
  };
  const wake = () => {
    wakes++;
    reading ??= look()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined;
      });
  };
  const watcher = watch(join(runFolder, logFile), wake);
  watcher.on('error', () => watcher.close());
  const timer = setInterval(wake, pollMs);
  timer.unref();
  wake();
  return {
    dispose: () => {
      disposed = true;
      clearInterval(timer);
      watcher.close();
    },
  };
}
