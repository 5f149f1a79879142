/** Descriptors that this process was started with and would hand on to what it starts: files and sockets of others. */
import { readdir, readFile } from 'node:fs/promises';

/** O_CLOEXEC on Linux, as /proc tells it. */
const closedOnExec = 0o2000000;
/** Below that a start's own descriptors stand; Node keeps the inherited ones among them to itself. */
const lowest = 10;

/** Their numbers. All that Node opens itself is closed on exec, so that looking once is enough; none where there is no /proc. */
export async function inheritedDescriptors(): Promise<readonly number[]> {
  const names = await readdir('/proc/self/fd').catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const info = await readFile(`/proc/self/fdinfo/${name}`, 'utf8').catch(() => '');
      const flags = /^flags:\s*([0-7]+)$/m.exec(info)?.[1];
      return flags !== undefined && (Number.parseInt(flags, 8) & closedOnExec) === 0 ? [Number(name)] : [];
    }),
  );
  return found.flat().filter((descriptor) => descriptor >= lowest);
}
