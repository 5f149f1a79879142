/** Whether processes did anything: who did not run cannot have made what is new in the workspace. */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * How often every thread of these processes and of all below them was given a processor so far. Two that are the same mean
 * that none of them ran in between. Undefined while one runs, and where the system does not say.
 */
export function activityOf(pids: readonly number[]): string | undefined {
  try {
    const seen: string[] = [];
    const left = [...pids];
    for (let pid = left.pop(); pid !== undefined; pid = left.pop()) {
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const folder = `/proc/${pid}/task/${thread}`;
        const text = readFileSync(`${folder}/stat`, 'latin1');
        // "pid (name) state …"; a name may hold anything, parentheses too.
        const state = text.charAt(text.lastIndexOf(')') + 2);
        const times = readFileSync(`${folder}/schedstat`, 'latin1').trim().split(' ')[2];
        if (state === 'R' || times === undefined || times === '0') return undefined;
        seen.push(`${pid}/${thread}:${times}`);
        left.push(...readFileSync(`${folder}/children`, 'latin1').split(' ').filter(Boolean).map(Number));
      }
    }
    return seen.join(' ');
  } catch {
    return undefined;
  }
}
