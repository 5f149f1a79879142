import assert from 'node:assert/strict';
import { logOf } from './logs.ts';
import { runId } from './panelPage.ts';
import { panelSuite } from './panelSuite.ts';
import { hugeRun } from './trajectories.ts';

describe('a run of 600 turns', () => {
  const open = panelSuite();
  const events = logOf(hugeRun(600));

  it('is drawn from its facts in well under a second, and a new fact in a frame or two', async () => {
    const panel = await open({ events: [] });
    const first = Number(
      await panel.page.evaluate(`(async () => {
        const events = ${JSON.stringify(events)};
        const start = performance.now();
        for (let from = 0; from < events.length; from += 200) {
          const page = events.slice(from, from + 200);
          postMessage({ type: 'events', runId: '${runId}', from, events: page, more: from + 200 < events.length, total: events.length }, '*');
        }
        while (document.querySelectorAll('article.turn').length < 601) await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        return performance.now() - start;
      })()`),
    );
    const one = { ...events.at(-1), seq: events.length, type: 'question.asked', question: 'And now?', mentions: [] };
    const next = Number(
      await panel.page.evaluate(`(async () => {
        const start = performance.now();
        postMessage({ type: 'events', runId: '${runId}', from: ${events.length}, events: [${JSON.stringify(one)}], more: false }, '*');
        while (document.querySelectorAll('article.question').length < 2) await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
        return performance.now() - start;
      })()`),
    );
    process.stdout.write(
      `      600 turns, ${events.length} facts: first paint ${first.toFixed(0)} ms, one more fact ${next.toFixed(0)} ms\n`,
    );
    assert.ok(first < 3_000, `first paint took ${first.toFixed(0)} ms`);
    assert.ok(next < 1_000, `one more fact took ${next.toFixed(0)} ms`);
    await panel.screenshot('600-turns');
  });
});
