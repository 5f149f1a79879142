/** What has to be true of a run however often it was killed. */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrajectoryEvent } from '../../src/shared/events.ts';
import { readLog, type ReadLog } from '../../src/store/readLog.ts';

/** The log of the newest run in a runs folder. */
export async function newestLog({ runs }: { readonly runs: string }): Promise<ReadLog> {
  const newest = (await readdir(runs)).toSorted().at(-1) ?? '';
  return readLog(join(runs, newest));
}

/** No gap, an answer at the end, and every call started at most and ended exactly once. */
export function assertSound(events: readonly TrajectoryEvent[]): void {
  assert.deepEqual(
    events.map(({ seq }) => seq),
    events.map((_, index) => index),
  );
  const last = events.at(-1);
  assert.ok(last?.type === 'run.ended' && last.reason === 'answered', JSON.stringify(last));
  const asked = events.flatMap((event) => (event.type === 'model.replied' ? event.toolCalls : []));
  const started = idsOf(events, 'tool.started');
  assert.deepEqual(idsOf(events, 'tool.finished').toSorted(), asked.map(({ callId }) => callId).toSorted());
  assert.equal(new Set(started).size, started.length);
}

/** The answer that was given last. */
export function answerOf(events: readonly TrajectoryEvent[]): unknown {
  const given = events.findLast((event) => event.type === 'answer.given');
  return given && { boxed: given.boxed, text: given.text, sources: given.sources };
}

/** The calls that had started and not ended. */
export function openOf(events: readonly TrajectoryEvent[]): readonly string[] {
  const ended = new Set(idsOf(events, 'tool.finished'));
  return idsOf(events, 'tool.started').filter((callId) => !ended.has(callId));
}

/** The calls that ended as lost. */
export function lostOf(events: readonly TrajectoryEvent[]): readonly string[] {
  return events.flatMap((event) => (event.type === 'tool.finished' && event.outcome === 'lost' ? [event.callId] : []));
}

/** What commands and edits left in the workspace: one mark each when it went well, at most one when it was lost, else none. */
export async function assertMadeOnce(workspace: string, events: readonly TrajectoryEvent[]): Promise<void> {
  const texts = await Promise.all(['calls.txt', 'marks.txt'].map((name) => readFile(join(workspace, name), 'utf8')));
  const marks = texts.flatMap((text) => text.match(/step-\w+/g) ?? []);
  assert.equal(new Set(marks).size, marks.length, `made twice: ${marks.join(' ')}`);
  const own = events.slice(
    Math.max(
      0,
      events.findLastIndex(({ type }) => type === 'run.forked'),
    ),
  );
  const outcomes = new Map(
    own.flatMap((event) => (event.type === 'tool.finished' ? [[event.callId, event.outcome]] : [])),
  );
  const calls = own.flatMap((event) => (event.type === 'model.replied' ? event.toolCalls : []));
  const expected = calls.flatMap(({ callId, tool, arguments: args }) => {
    const mark = /step-\w+/.exec(JSON.stringify(args))?.[0];
    return marking.includes(tool) && mark !== undefined ? [{ mark, outcome: outcomes.get(callId) }] : [];
  });
  assert.ok(expected.length > 0);
  for (const { mark, outcome } of expected) {
    if (outcome !== 'lost') assert.equal(marks.includes(mark), outcome === 'ok', `${mark} ended ${outcome ?? 'never'}`);
  }
}

const marking: readonly string[] = ['run_command', 'run_python_code', 'edit_file'];

function idsOf(events: readonly TrajectoryEvent[], wanted: 'tool.started' | 'tool.finished'): readonly string[] {
  return events.flatMap((event) => (event.type === wanted ? [event.callId] : []));
}
