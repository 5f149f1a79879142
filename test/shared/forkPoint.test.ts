import assert from 'node:assert/strict';
import { echoCall, echoTool, world } from '../agent/world.ts';
import { run } from '../../src/agent/loop.ts';
import { forkPoint } from '../../src/shared/forkPoint.ts';
import type { TrajectoryEvent } from '../../src/shared/events.ts';
import { scriptedModel } from '../fakes/scriptedModel.ts';

const malformed = '<use_mcp_tool><server_name>notes</server_name>';

describe('forkPoint', () => {
  let events: readonly TrajectoryEvent[] = [];
  const typeAt = (seq: number | undefined) => events[seq ?? -1]?.type;

  before(async () => {
    const replies = [
      `${echoCall('a')}\n${echoCall('b')}`,
      ...Array.from({ length: 6 }, () => malformed),
      echoCall('c'),
      'Done.',
      '\\boxed{1}',
    ];
    const made = world(scriptedModel(replies), [echoTool()]);
    await run(await made.start(), made.ports, new AbortController().signal);
    events = made.events;
  });

  it('is behind the last observation of the turn', () => {
    const seq = forkPoint(events, 1);
    assert.equal(typeAt(seq), 'tool.finished');
    assert.equal(events.slice(0, (seq ?? 0) + 1).filter(({ type }) => type === 'tool.finished').length, 2);
  });

  it('is behind the correction of a malformed turn', () => {
    assert.equal(typeAt(forkPoint(events, 2)), 'turn.corrected');
  });

  it('is before the first reply for turn 0', () => {
    assert.equal(typeAt(forkPoint(events, 0)), 'run.started');
  });

  it('is nowhere when there is no such turn, or no fact at all', () => {
    assert.equal(forkPoint(events, 99), undefined);
    assert.equal(forkPoint([], 0), undefined);
  });

  it('shares the start of a call that has not ended, so that it is not made again', () => {
    const started = events.findIndex(({ type }) => type === 'tool.started');
    assert.equal(forkPoint(events.slice(0, started + 1), 1), started);
  });

  it('leaves a turn undone that was undone behind its call', () => {
    const finished = events.find((event) => event.type === 'tool.finished' && event.callId.startsWith('3-'));
    assert.ok(finished);
    const undone = { type: 'turn.rolledBack', kind: 'emptyResult', reason: 'nothing', reply: '', turn: 3 } as const;
    const with3 = [...events.slice(0, finished.seq + 1), { ...undone, seq: finished.seq + 1, at: 1 }];
    assert.equal(forkPoint(with3, 3), finished.seq + 1);
  });
});
