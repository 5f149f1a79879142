/** Scripts of a run that hands a subtask to a nested one. */
import type { EventOf, TrajectoryEvent } from '../../src/shared/events.ts';
import { call, type Reply } from '../fakes/scriptedServer.ts';
import type { Asked } from './runPlace.ts';

export const question = { text: 'How high is the tower?', mentions: [] };
export const subtask = 'Find the height of the tower in the notes.';

/** A reply that hands a subtask on. */
export const handsOn = (text: string): Reply => ({
  content: `<think>Somebody else may look.</think>\n\n${call('agent-browsing', 'search_and_browse', { subtask: text })}`,
});
/** Whether a nested run asks. */
export const isNested = ({ system }: Asked) => system.includes('# Your part');

/** A nested run that reads the notes and reports. */
export function nestedReply({ last }: Asked): Reply {
  if (last.includes('boxed')) return { content: '"The tower is 42 m high." [notes.md:1]\n\n\\boxed{42 m}' };
  if (last.includes('tower is 42')) return { content: 'That is all.' };
  return { content: call('workspace', 'read_file', { path: 'notes.md' }) };
}

/** A run that hands one subtask on and answers with its report. */
export function callerReply({ last }: Asked): Reply {
  if (last.includes('boxed')) return { content: 'It is 42 m. [notes.md:1]\n\n\\boxed{42}' };
  return last.includes('Short answer: 42 m') ? { content: 'I know it now.' } : handsOn(subtask);
}

/** The facts of one type. */
export const eventsOf = <T extends TrajectoryEvent['type']>(events: readonly TrajectoryEvent[], type: T) =>
  events.filter((event): event is EventOf<T> => event.type === type);
