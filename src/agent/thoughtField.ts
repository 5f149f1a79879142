/** Where a server sends and reads thoughts: it is learned from its replies and stays with the run. */
import type { Trajectory } from '../shared/trajectory.ts';

/** The member that the newest reply with reasoning came in; undefined before there was one. */
export function thoughtFieldOf({ items }: Trajectory): string | undefined {
  const turn = items.findLast((item) => item.kind === 'turn' && item.thoughtField !== undefined);
  return turn?.kind === 'turn' ? turn.thoughtField : undefined;
}
