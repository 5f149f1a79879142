import assert from 'node:assert/strict';
import { describeContext } from '../../src/shared/describeContext.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { logOf, replied, started } from '../webview/logs.ts';

const usage = (promptTokens: number, cachedTokens?: number) => ({
  usage: { promptTokens, completionTokens: 500, ...(cachedTokens !== undefined && { cachedTokens }) },
});

describe('describeContext', () => {
  it('says how full the window is, and what was read anew', () => {
    const run = foldAll(
      logOf([started(), replied(1, 'a', undefined, usage(4_000, 0)), replied(2, 'b', undefined, usage(8_000, 6_000))]),
    );
    assert.deepEqual(describeContext(run), {
      used: 8_500,
      window: 262_144,
      text: '8.5k of 262k',
      cached: '50% cached',
      detail:
        'Context: 8.5k of 262k tokens of the window. Read anew: 6.0k of 12k prompt tokens; 6.0k came from the server’s cache.',
    });
  });

  it('says nothing of a cache that the server does not tell of', () => {
    const run = foldAll(logOf([started(), replied(1, 'a', undefined, usage(4_000))]));
    assert.equal(describeContext(run).cached, '');
    assert.equal(describeContext(run).detail, 'Context: 4.5k of 262k tokens of the window.');
  });

  it('knows nothing of a log without facts', () => {
    assert.deepEqual(describeContext(foldAll([])), { used: 0, window: 0, text: '', cached: '', detail: '' });
  });
});
