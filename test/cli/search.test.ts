import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { call, scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { startKiwix } from '../harness/kiwix.ts';
import type { LocalServer } from '../harness/localServer.ts';
import { documentationUrl, startSearx } from '../harness/searx.ts';
import { commandLine, eventsOf } from './commandLine.ts';

const finishedSchema = z.looseObject({
  outcome: z.string(),
  content: z.string(),
  sources: z
    .array(
      z.looseObject({
        uri: z.string(),
        kind: z.string(),
        spans: z.array(z.object({ from: z.number(), to: z.number() })),
      }),
    )
    .optional(),
});
const google = (args: Readonly<Record<string, unknown>>): Step => ({
  content: call('search_and_scrape_webpage', 'google_search', args),
});
const end: readonly Step[] = [{ content: 'I know it.' }, { content: 'An hour.\n\n\\boxed{one hour}' }];

const doctorSchema = z.array(z.object({ name: z.string(), ok: z.boolean(), found: z.string() }));

describe('ask --search', () => {
  let line: Awaited<ReturnType<typeof commandLine>>;
  let server: ScriptedServer | undefined;
  let searx: LocalServer;
  let kiwix: LocalServer;

  before(async () => {
    [searx, kiwix] = await Promise.all([startSearx(), startKiwix()]);
  });
  after(async () => {
    await Promise.all([searx.close(), kiwix.close()]);
  });
  beforeEach(async () => {
    line = await commandLine({ 'notes.md': 'A note.\n' });
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    await line.remove();
  });

  const ask = async (script: readonly Step[], words: readonly string[], env?: Readonly<Record<string, string>>) => {
    server = await scriptedServer({ script });
    const asked = ['ask', 'How long is it baked?', '--base-url', server.baseUrl, '--json', ...words];
    const { code, stdout, stderr } = await line.run(asked, env);
    const events = eventsOf(stdout);
    const results = events.filter(({ type }) => type === 'tool.finished').map((event) => finishedSchema.parse(event));
    return { code, stderr, events, results, prompt: server.requests[0]?.text ?? '' };
  };

  it('asks a real searx, tells the model and the log, and cites what was found', async () => {
    const words = ['--search', 'searxng', '--search-url', searx.url, '--allow-loopback'];
    const { code, stderr, results, prompt } = await ask([google({ q: 'quarkkuchen' }), ...end], words);
    assert.equal(code, 0, stderr);
    assert.match(prompt, /google_search/);
    assert.match(prompt, /sogou_search/);
    const [result] = results;
    assert.equal(result?.outcome, 'ok');
    const source = result.sources?.[0];
    assert.deepEqual([source?.kind, source?.uri], ['hit', `${documentationUrl}Käse%20kuchen.html`]);
    const [span] = source?.spans ?? [];
    assert.match(result.content.slice(span?.from, span?.to), /A quarkkuchen is baked for an hour/);
    assert.match(server?.requests[1]?.text ?? '', /A quarkkuchen is baked for an hour/);
  });

  it('asks a real kiwix-serve, which alone is no Chinese search', async () => {
    const words = ['--search', 'kiwix', '--search-url', kiwix.url, '--allow-loopback'];
    const { code, stderr, results, prompt } = await ask([google({ q: 'quarkkuchen' }), ...end], words);
    assert.equal(code, 0, stderr);
    assert.match(prompt, /google_search/);
    assert.doesNotMatch(prompt, /sogou_search/);
    assert.match(results[0]?.content ?? '', /"link":"http:\/\/127\.0\.0\.1:\d+\/faq\/Käse%20kuchen\.html"/);
  });

  it('asks the second provider where the first is not there, and names both where none is', async () => {
    const gone = ['--search', 'searxng', '--search-url', 'http://127.0.0.1:9', '--allow-loopback'];
    const both = [...gone, '--search', 'kiwix', '--search-url', kiwix.url];
    const second = await ask([google({ q: 'quarkkuchen' }), ...end], both);
    assert.equal(second.results[0]?.outcome, 'ok', second.stderr);
    assert.match(second.results[0].content, /"notes":\["SearXNG at http:\/\/127\.0\.0\.1:9 failed: nothing answers/);
    await server?.close();
    const none = await ask([google({ q: 'quarkkuchen' }), ...end], gone);
    assert.equal(none.results[0]?.outcome, 'failed');
    assert.match(none.results[0].content, /SearXNG at http:\/\/127\.0\.0\.1:9 failed: nothing answers/);
  });

  it('reaches this machine only where that is allowed, and says how', async () => {
    const words = ['--search', 'searxng', '--search-url', searx.url];
    const { results } = await ask([google({ q: 'quarkkuchen' }), ...end], words);
    assert.equal(results[0]?.outcome, 'failed');
    assert.match(results[0].content, /127\.0\.0\.1.*no public address.*--allow-loopback/);
  });

  it('rolls a search back that finds nothing or was made before', async () => {
    const words = ['--search', 'searxng', '--search-url', searx.url, '--allow-loopback'];
    const script = [google({ q: 'zzqqxx' }), google({ q: 'quarkkuchen' }), google({ q: ' Quarkkuchen ' }), ...end];
    const { code, stderr, events } = await ask(script, words);
    assert.equal(code, 0, stderr);
    const undone = events.filter(({ type }) => type === 'turn.rolledBack').map(({ reason }) => String(reason));
    assert.equal(undone.length, 2);
    assert.match(undone[0] ?? '', /found nothing for zzqqxx/);
    assert.match(undone[1] ?? '', /google_search was called with the same query before/);
  });

  it('offers no search without --search, and wants the key of a service that is named', async () => {
    const plain = await ask([{ content: 'I know it.' }, ...end], []);
    assert.equal(plain.code, 0, plain.stderr);
    assert.doesNotMatch(plain.prompt, /google_search|sogou_search/);
    await server?.close();
    const keyless = await ask(end, ['--search', 'brave', '--search', 'tavily'], { MIROTHINKER_SEARCH_KEY: 'of brave' });
    assert.equal(keyless.code, 1);
    assert.match(keyless.stderr, /--search tavily needs a key: put it into MIROTHINKER_SEARCH_KEY_TAVILY\./);
  });

  it('is tried by doctor, which says what came', async () => {
    const both = ['--search', 'kiwix', '--search-url', kiwix.url, '--search', 'searxng'];
    const words = ['doctor', '--json', ...both, '--search-url', 'http://127.0.0.1:9', '--allow-loopback'];
    const { stdout } = await line.run(words);
    const found = doctorSchema.parse(JSON.parse(stdout)).filter(({ name }) => name === 'web search');
    assert.deepEqual(
      found.map(({ ok }) => ok),
      [true, false],
    );
    assert.match(found[0]?.found ?? '', /^Kiwix at http:\S+ finds ".*FAQ.*" for "history"$/);
    assert.match(found[1]?.found ?? '', /^SearXNG at http:\S+ does not answer: nothing answers at 127\.0\.0\.1:9/);
  });

  it('keeps the key out of the log', async () => {
    const words = ['--search', 'serper', '--search-url', 'http://127.0.0.1:9', '--allow-loopback'];
    const { results } = await ask([google({ q: 'x' }), ...end], words, { MIROTHINKER_SEARCH_KEY: 'a-secret-key' });
    assert.equal(results[0]?.outcome, 'failed');
    const { stdout } = await line.run(['runs', '--json']);
    const runs = z.array(z.looseObject({ runId: z.string() })).parse(JSON.parse(stdout));
    const log = await readFile(join(line.runs, runs[0]?.runId ?? '', 'events.jsonl'), 'utf8');
    assert.match(log, /serper/);
    assert.doesNotMatch(log, /a-secret-key/);
  });
});
