/** Reading the web in a run: what is known of addresses outlives the process. */
import assert from 'node:assert/strict';
import { followUp } from '../../src/runs/resumeRun.ts';
import { startRun } from '../../src/runs/startRun.ts';
import { call, type Reply } from '../fakes/scriptedServer.ts';
import { pageServer, type PageServer } from '../harness/pageServer.ts';
import { runPlace } from './runPlace.ts';

const scrape = (url: string): Reply => ({
  content: call('jina_scrape_llm_summary', 'scrape_and_extract_info', { url, info_to_extract: `What ${url} says.` }),
});
const page = (text: string) =>
  `<!doctype html><title>A page</title><article><h1>A page</h1><p>${text}</p>${'<p>It stands in the old town and is visited by many people every year.</p>'.repeat(8)}</article>`;

describe('reading in a run', () => {
  let pages: PageServer;
  before(async () => (pages = await pageServer()));
  after(() => pages.close());

  it('knows the links of pages that were read before it was resumed, and asks about what nobody named', async () => {
    pages.at('/more', page('More of it.'));
    pages.at('/made-up', page('Never read.'));
    const first = pages.at('/first', page('See <a href="/more">more</a>.'));
    const replies: Reply[] = [
      scrape(first),
      { content: call('workspace', 'read_file', { path: 'notes.md' }) },
      { content: 'Known. \\boxed{1}' },
      { content: 'Known. \\boxed{1}' },
      scrape(`${pages.origin}/more`),
      scrape(`${pages.origin}/made-up`),
      { content: 'Known. \\boxed{2}' },
      { content: 'Known. \\boxed{2}' },
    ];
    const place = await runPlace(({ system }) =>
      system.includes('what was asked for') ? { content: 'Something.' } : (replies.shift() ?? { content: '' }),
    );
    const reasons: string[] = [];
    const around = {
      ...place.around,
      ask: async (_: unknown, { reason }: { readonly reason: string }) => {
        reasons.push(reason);
        return { decision: 'deny' as const };
      },
    };
    const choice = { ...place.choice, web: { pages: 'on' as const, allowLoopback: true, robots: false } };
    try {
      const run = await startRun({ text: `Read ${first}`, mentions: [] }, choice, around);
      await run.done;
      const again = await followUp(run.runId, { text: 'And then?', mentions: [] }, {}, around);
      await again.done;
      const outcomes = again.events().flatMap((event) => (event.type === 'tool.finished' ? [event.outcome] : []));
      assert.deepEqual(outcomes, ['ok', 'ok', 'ok', 'denied']);
      assert.equal(reasons.length, 1);
      assert.match(reasons[0] ?? '', /made up this address[\s\S]*\/made-up/);
      assert.deepEqual(pages.asked, ['/first', '/more']);
      assert.deepEqual(place.bugs, []);
    } finally {
      await place.dispose();
    }
  });
});
