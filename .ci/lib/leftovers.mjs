/** Finds the processes that a test run leaves behind: its descendants, seen while it runs, and whoever carries its mark. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** The environment variable that marks a run's processes. */
export const mark = 'MIROTHINKER_TEST_RUN';

/** Watches this process's descendants (also those whose parents end first, or whose environment is cleared). */
export function watchDescendants(id) {
  /** pid → start time, of every descendant ever seen. */
  const seen = new Map();
  const look = () => {
    const all = processes();
    const byPid = new Map(all.map((item) => [item.pid, item]));
    for (const item of all) {
      if (item.pid !== process.pid && descends(item, byPid, seen)) seen.set(item.pid, item.started);
    }
    return all;
  };
  const clock = setInterval(look, 250);
  clock.unref();
  return {
    /** What is still alive after up to 3 s: pids and command lines. */
    async leftovers() {
      const giveUpAt = Date.now() + 3_000;
      for (;;) {
        const left = look().filter((item) => seen.get(item.pid) === item.started || isMarked(item.pid, id));
        if (left.length === 0 || Date.now() > giveUpAt)
          return left.map(({ pid }) => ({ pid, command: commandLine(pid) }));
        await delay(100);
      }
    },
    stop: () => clearInterval(clock),
  };
}

function descends(item, byPid, seen) {
  for (let at = item; at !== undefined; at = byPid.get(at.parent)) {
    if (at.parent === process.pid || seen.get(at.pid) === at.started) return true;
  }
  return false;
}

/** The living (not zombie) processes; none where there is no /proc. */
function processes() {
  return names()
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = read(`/proc/${name}/stat`);
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields.length < 20 || fields[0] === 'Z' || fields[0] === 'X') return [];
      return [{ pid: Number(name), parent: Number(fields[1]), started: fields[19] }];
    });
}

function isMarked(pid, id) {
  return pid !== process.pid && read(`/proc/${pid}/environ`).split('\0').includes(`${mark}=${id}`);
}

function commandLine(pid) {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim().slice(0, 300);
}

function names() {
  try {
    return readdirSync('/proc');
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
