/** Searching, reading and answering through the command line; and a model that is told to carry a file out. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { call, scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { pageServer, type PageServer } from '../harness/pageServer.ts';
import { commandLine, eventsOf } from './commandLine.ts';

const finishedSchema = z.looseObject({
  outcome: z.string(),
  content: z.string(),
  usage: z.looseObject({ promptTokens: z.number() }).optional(),
  sources: z
    .array(z.looseObject({ uri: z.string(), kind: z.string(), text: z.object({ sha256: z.string() }).optional() }))
    .optional(),
});
const search: Step = { content: call('search_and_scrape_webpage', 'google_search', { q: 'tower height' }) };
const scrape = (url: string): Step => ({
  content: call('jina_scrape_llm_summary', 'scrape_and_extract_info', { url, info_to_extract: 'How high is it?' }),
});
const extracted: Step = { content: 'It is 301 m high.' };
const end: readonly Step[] = [{ content: 'I know it.' }, { content: 'It is 301 m high.\n\n\\boxed{301 m}' }];

describe('ask, with pages that are read', () => {
  let line: Awaited<ReturnType<typeof commandLine>>;
  let model: ScriptedServer | undefined;
  let pages: PageServer;
  let words: readonly string[];

  beforeEach(async () => {
    model = undefined;
    line = await commandLine({ 'secret.txt': 'The password is tulip.\n' });
    pages = await pageServer();
    const tower = pages.at('/tower', page('The tower', `It is 301 m high. See <a href="/more">more</a>.`));
    const results = [{ title: 'The tower', url: tower, content: 'A tower.' }];
    pages.at('/search', JSON.stringify({ results }), 'application/json');
    pages.at('/more', page('More', 'There is more to tell of it.'));
    words = ['--search', 'searxng', '--search-url', pages.origin, '--allow-loopback', '--no-cache', '--ignore-robots'];
  });
  afterEach(async () => {
    await Promise.all([model?.close(), pages.close()]);
    await line.remove();
  });

  const ask = async (script: readonly Step[], more: readonly string[] = []) => {
    await model?.close();
    model = await scriptedServer({ script });
    const asked = ['ask', 'How high is the tower?', '--base-url', model.baseUrl, '--json', ...words, ...more];
    const { code, stdout, stderr } = await line.run(asked);
    const events = eventsOf(stdout);
    const results = events.filter(({ type }) => type === 'tool.finished').map((event) => finishedSchema.parse(event));
    return { code, stderr, events, results };
  };
  const runFolder = (events: readonly Record<string, unknown>[]) => join(line.runs, String(events[0]?.['runId']));

  it('searches, reads what was found, and answers with the evidence in its log', async () => {
    const tower = `${pages.origin}/tower`;
    const { code, stderr, events, results } = await ask([search, scrape(tower), extracted, ...end]);
    assert.equal(code, 0, stderr);
    const read = results[1];
    assert.equal(read?.outcome, 'ok');
    assert.match(read.content, /"extracted_info": "It is 301 m high\."/);
    assert.ok((read.usage?.promptTokens ?? 0) > 0);
    const [source] = read.sources ?? [];
    assert.deepEqual([source?.uri, source?.kind], [tower, 'page']);
    const blob = await readFile(join(runFolder(events), 'blobs', source?.text?.sha256 ?? ''), 'utf8');
    assert.match(blob, /It is 301 m high/);
    assert.equal(pages.asked.filter((path) => path === '/tower').length, 1);
  });

  it('offers no reading without a search, with --no-web, and offers it with --web alone', async () => {
    for (const [options, offered] of [
      [[], false],
      [['--web'], true],
      [['--no-web', '--search', 'kiwix', '--search-url', pages.origin], false],
    ] as const) {
      words = options;
      await ask(end);
      assert.equal(model?.requests[0]?.text.includes('scrape_and_extract_info'), offered, options.join(' '));
    }
  });

  it('lets no made up address carry out what was read, and reads what a page links to', async () => {
    const tower = `${pages.origin}/tower`;
    const readSecret: Step = { content: call('workspace', 'read_file', { path: 'secret.txt' }) };
    const carriesOut = scrape(`${pages.origin}/collect?password=tulip`);
    const script = [
      search,
      scrape(tower),
      extracted,
      readSecret,
      carriesOut,
      scrape(`${pages.origin}/more`),
      extracted,
      ...end,
    ];
    const { code, stderr, events, results } = await ask(script, ['--auto-approve', 'all']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['ok', 'ok', 'ok', 'denied', 'ok'],
    );
    const [request] = events.filter(({ type }) => type === 'approval.requested');
    assert.match(String(request?.['reason']), /made up this address/);
    assert.deepEqual(
      pages.asked.filter((path) => path.startsWith('/collect')),
      [],
    );
    assert.ok(pages.asked.includes('/more'));
  });

  it('extracts with the light model of its own that was named', async () => {
    const light = await scriptedServer({ script: [extracted], models: [{ id: 'light', contextWindow: 32_768 }] });
    try {
      const options = ['--extract-base-url', light.baseUrl, '--extract-model', 'light'];
      const { code, stderr, results } = await ask([search, scrape(`${pages.origin}/tower`), ...end], options);
      assert.equal(code, 0, stderr);
      assert.match(results[1]?.content ?? '', /"model_used": "light"/);
      assert.equal(light.requests.length, 1);
    } finally {
      await light.close();
    }
  });
});

function page(title: string, text: string): string {
  return `<!doctype html><title>${title}</title><article><h1>${title}</h1><p>${text}</p>${'<p>It stands in the old town and is visited by many people every year, in all seasons.</p>'.repeat(8)}</article>`;
}
