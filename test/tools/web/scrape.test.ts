/** scrape_and_extract_info with a real server, fetcher and readers; only the extraction model's weights are faked. */
import assert from 'node:assert/strict';
import { z } from 'zod';
import { noOutput } from '../../fakes/noOutput.ts';
import type { ToolContext, ToolOutput } from '../../../src/agent/tool.ts';
import { openAiModel } from '../../../src/model/client.ts';
import { documentReader } from '../../../src/tools/documents/reader.ts';
import { modelExtractor, passageExtractor, type Extractor } from '../../../src/tools/web/extraction.ts';
import { pageFetcher } from '../../../src/tools/web/fetchPages.ts';
import { pageReader } from '../../../src/tools/web/readPage.ts';
import { scrapeTool, type Scraping } from '../../../src/tools/web/scrape.ts';
import { scriptedServer, type Step } from '../../fakes/scriptedServer.ts';
import { faultyServer, type FaultyServer } from '../../harness/faultyServer.ts';
import { pageServer, type PageServer } from '../../harness/pageServer.ts';

const never = new AbortController().signal;

const resultSchema = z.strictObject({
  success: z.boolean(),
  url: z.string(),
  extracted_info: z.string(),
  error: z.string(),
  scrape_stats: z.strictObject({
    line_count: z.number(),
    char_count: z.number(),
    last_char_line: z.number(),
    all_content_displayed: z.boolean(),
  }),
  model_used: z.string(),
  tokens_used: z.number(),
});

describe('scrape_and_extract_info', () => {
  let server: FaultyServer;
  let pages: PageServer;
  const documents = documentReader();
  const fetcher = pageFetcher({
    settings: { blocked: ['127.0.0.1/blocked'], allowLoopback: true, robots: true, render: false },
    cache: undefined,
    now: Date.now,
    limits: { intervalMs: 0, idleMs: 2_000, headersMs: 2_000, totalMs: 10_000 },
  });
  before(async () => {
    server = await faultyServer();
    pages = await pageServer();
  });
  after(async () => {
    await Promise.all([server.close(), pages.close(), documents.dispose(), fetcher.dispose()]);
  });

  const context: ToolContext = { signal: never, runId: 'run', callId: 'call', unconfined: false, openOutput: async () => noOutput };
  const scrape = async (url: string, wanted: string, more: Partial<Scraping> = {}): Promise<ToolOutput & Read> => {
    const tool = scrapeTool({ read: pageReader(fetcher, documents, false), extract: passageExtractor, ...more });
    const output = await tool.run({ url, info_to_extract: wanted }, context);
    return { ...output, json: resultSchema.parse(JSON.parse(output.content)) };
  };
  interface Read {
    readonly json: z.infer<typeof resultSchema>;
  }
  const withModel = async <T>(script: readonly Step[], work: (extract: Extractor, asked: Asked) => Promise<T>) => {
    const model = await scriptedServer({ script });
    const asked = (index: number) => z.looseObject(body).parse(model.requests[index]?.body);
    try {
      return await work(modelExtractor(openAiModel({ baseUrl: model.baseUrl, model: 'light' })), asked);
    } finally {
      await model.close();
    }
  };
  const body = { max_tokens: z.number(), messages: z.array(z.object({ role: z.string(), content: z.string() })) };
  type Asked = (index: number) => { max_tokens: number; messages: { role: string; content: string }[] };

  it('answers in the agreed shape, with the evidence of what was read', async () => {
    const url = pages.at('/tower', towerPage);
    const reply = { content: '<think>hm</think>It is 301 m high.', usage: { promptTokens: 900, completionTokens: 12 } };
    await withModel([reply], async (extract, asked) => {
      const { json, outcome, usage, sources } = await scrape(url, 'How high is the tower?', { extract });
      assert.equal(outcome, undefined);
      assert.equal(json.success, true);
      assert.equal(json.url, url);
      assert.match(json.extracted_info, /^It is 301 m high\./);
      assert.deepEqual([json.error, json.model_used, json.tokens_used], ['', 'light', 912]);
      assert.equal(json.scrape_stats.all_content_displayed, true);
      assert.equal(json.scrape_stats.last_char_line, json.scrape_stats.line_count);
      assert.deepEqual(usage, { promptTokens: 900, completionTokens: 12 });
      const [source] = sources ?? [];
      assert.equal(sources?.length, 1);
      assert.deepEqual([source?.uri, source?.kind, source?.title, source?.spans], [url, 'page', 'The tower', []]);
      assert.match(source?.text ?? '', /301 m high/);
      assert.match(source?.sha256 ?? '', /^[0-9a-f]{64}$/);
      const { max_tokens: longest, messages } = asked(0);
      assert.equal(longest, 8_192);
      assert.match(
        messages[1]?.content ?? '',
        /<foreign mark="[0-9a-f]{16}" from="http:[^"]+"[^>]*>\n[\s\S]*301 m high/,
      );
      assert.match(messages[1]?.content ?? '', /How high is the tower\?$/);
    });
  });
});

const towerPage = `<!doctype html><title>The tower</title><article><h1>The tower</h1>${'<p>It stands in the old town and is visited by many people every year, in all seasons.</p>'.repeat(8)}<p>The tower is 301 m high.</p></article>`;
