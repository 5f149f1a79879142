import assert from 'node:assert/strict';
import { newlyInterrupted } from '../../../src/host/newlyInterrupted.ts';
import type { RunSummary } from '../../../src/store/runs.ts';

const now = 10_000_000;
const run = (runId: string, secondsAgo: number, more: Partial<RunSummary> = {}): RunSummary => ({
  ...{ runId, question: 'What?', model: 'm', startedAt: 0, changedAt: now - secondsAgo * 1000 },
  ...{ state: 'interrupted', turns: 1, ...more },
});

describe('newlyInterrupted', () => {
  it('is the newest that nobody writes, of the last minutes', () => {
    const runs = [
      run('running', 1, { state: 'running' }),
      run('stopped', 2, { state: 'cancelled' }),
      run('nested', 3, { caller: { runId: 'older', callId: '1-1' } }),
      run('older', 20),
      run('newest', 10),
    ];
    assert.equal(newlyInterrupted(runs, now)?.runId, 'newest');
  });

  it('is none where they were interrupted long ago', () => {
    assert.equal(newlyInterrupted([run('old', 301)], now), undefined);
    assert.equal(newlyInterrupted([run('new', 299)], now)?.runId, 'new');
  });
});
