import assert from 'node:assert/strict';
import { describeState, elapsedMs } from '../../src/shared/describeState.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import type { Fact } from '../../src/shared/events.ts';
import { logOf, replied, started } from '../webview/logs.ts';
import { acting, answered, approving } from '../webview/trajectories.ts';

function said(facts: readonly Fact[], afterMs = 4_000, preview?: Parameters<typeof describeState>[1]): string {
  const log = logOf(facts);
  const { turn, turnLimit, activity, seconds } = describeState(foldAll(log), preview, (log.at(-1)?.at ?? 0) + afterMs);
  return [turn, turnLimit, activity, seconds].filter(Boolean).join(' ');
}

describe('describeState', () => {
  it('says what a run does now', () => {
    assert.equal(said([]), 'ready');
    assert.equal(said([started()]), 'turn 1 of 600 asking the model 0:04');
    assert.equal(said([started(), ...approving]), 'turn 1 of 600 waiting for you 0:04');
    assert.equal(said([started(), ...acting]), 'turn 1 of 600 run python3 -m pytest -q tests 0:04');
    assert.equal(said([started(), { type: 'run.waiting', reason: 'refused' }]), 'waiting for the server 0:04');
    assert.equal(said([started(), replied(1, 'So.'), ...answered.slice(2)]), '1 turn answered');
    assert.equal(said([started(), { type: 'run.ended', reason: 'cancelled' }]), 'cancelled');
  });

  it('counts tokens a second and seconds of reading', () => {
    const since = 1_760_000_000_000;
    const reading = { kind: 'reading', since, promptTokens: 12_000 } as const;
    assert.equal(said([started()], 65_000, reading), 'turn 1 of 600 reading 12k tokens 1:05');
    const generating = { kind: 'generating', since, tokens: 164, append: false, content: '', reasoning: '' } as const;
    assert.equal(said([started()], 4_000, generating), 'turn 1 of 600 generating 41 tok/s');
  });

  it('announces the same while only numbers change', () => {
    const trajectory = foldAll(logOf([started(), ...acting]));
    const at = (now: number) => describeState(trajectory, undefined, now).stable;
    assert.equal(at(1_760_000_010_000), at(1_760_000_090_000));
  });
});

describe('elapsedMs', () => {
  it('counts from the newest question to now, or to the end', () => {
    const run = foldAll(logOf([started(), replied(1, 'So.')]));
    assert.equal(elapsedMs(run, 1_760_000_009_000), 9_000);
    const over = foldAll(logOf([started(), replied(1, 'So.'), { type: 'run.ended', reason: 'cancelled' }]));
    assert.equal(elapsedMs(over, 1_760_000_999_000), 3_400);
  });
});
