/** scrape_and_extract_info of pages that have little or nothing to read: walls, frames, emptiness. */
import assert from 'node:assert/strict';
import { z } from 'zod';
import { noOutput } from '../../fakes/noOutput.ts';
import { openAiModel } from '../../../src/model/client.ts';
import { documentReader } from '../../../src/tools/documents/reader.ts';
import { modelExtractor, passageExtractor } from '../../../src/tools/web/extraction.ts';
import { pageFetcher } from '../../../src/tools/web/fetchPages.ts';
import { pageReader } from '../../../src/tools/web/readPage.ts';
import { scrapeTool, type Scraping } from '../../../src/tools/web/scrape.ts';
import { scriptedServer } from '../../fakes/scriptedServer.ts';
import { pageServer, type PageServer } from '../../harness/pageServer.ts';

const resultSchema = z.object({ success: z.boolean(), extracted_info: z.string(), error: z.string() });

describe('scrape_and_extract_info of a page with little to read', () => {
  let pages: PageServer;
  const documents = documentReader();
  const fetcher = pageFetcher({
    settings: { blocked: [], allowLoopback: true, robots: false, render: false },
    cache: undefined,
    now: Date.now,
    limits: { intervalMs: 0 },
  });
  before(async () => (pages = await pageServer()));
  after(async () => {
    await Promise.all([pages.close(), documents.dispose(), fetcher.dispose()]);
  });
  const scrape = async (url: string, more: Partial<Scraping> = {}) => {
    const tool = scrapeTool({ read: pageReader(fetcher, documents, false), extract: passageExtractor, ...more });
    const context = { signal: new AbortController().signal, runId: 'run', callId: 'call', unconfined: false };
    const asked = { url, info_to_extract: 'What does it cost?' };
    const output = await tool.run(asked, { ...context, openOutput: async () => noOutput });
    return { ...output, json: resultSchema.parse(JSON.parse(output.content)) };
  };

  const field = '<form><input name=user><input type=password></form>';
  const prices = '<h1>Price list</h1><p>Widget A costs 12 EUR. Widget B costs 15 EUR.</p>';
  const long = 'The committee approved the budget of 4.2 million euros on 3 May 1998 after a debate. ';
  for (const [what, html, said, note] of [
    ['a form at its head', `<header>${field}</header><main>${prices}</main>`, /Widget B costs 15/, /asks to log in/],
    [
      'an invitation',
      `<h1>Budget</h1><p>${long.repeat(3)}Please sign in to vote.</p>`,
      /4\.2 million/,
      /asks to log in/,
    ],
    [
      'a teaser',
      `<article><h1>Budget</h1><p>${long}</p><p>Subscribe to continue reading.</p></article>`,
      /4\.2/,
      /subscri/,
    ],
    ['a banner', `<p>${long.repeat(2)}</p><p>We use cookies. Accept all cookies?</p>`, /4\.2 million/, /consent/],
  ] as const) {
    it(`hands over what stands beside ${what}, with a note`, async () => {
      const url = pages.at(`/beside/${what.length}`, `<html><title>Page</title><body>${html}</body></html>`);
      const { json, outcome, sources } = await scrape(url);
      assert.deepEqual([json.success, outcome, sources?.length], [true, undefined, 1]);
      assert.match(json.extracted_info, said);
      assert.match(json.extracted_info, note);
    });
  }

  it('reads what a page without text carries for its scripts', async () => {
    const data =
      '{"props":{"article":{"title":"Tower","body":"It is 301 m high and was opened in 1932 by the king."}}}';
    const state = `<script id="__NEXT_DATA__" type="application/json">${data}</script>`;
    const html = `<html><title>App</title><body><div id=root></div>${state}</body></html>`;
    const { json, sources } = await scrape(pages.at('/app', html));
    assert.deepEqual([json.success, sources?.length], [true, 1]);
    assert.match(json.extracted_info, /body: It is 301 m high[\s\S]*wants JavaScript.*from data that it carries/);
  });

  it('refuses a form with nothing beside it but the words of forms', async () => {
    const words =
      '<nav><a href=/>Home</a></nav><h1>Welcome back</h1><p>Forgot your password? <a href=/new>Create an account</a></p><p>By signing in you agree to our terms and our privacy policy.</p><footer>© 2024 Acme</footer>';
    const url = pages.at('/form', `<html><title>Sign in</title><body>${field}${words}</body></html>`);
    const { json, sources } = await scrape(url);
    assert.deepEqual([json.success, json.extracted_info, sources], [false, '', undefined]);
    assert.match(json.error, /asks to log in and shows nothing/);
  });

  it('says that there is nothing on an empty page, asks no model about it and gives no evidence', async () => {
    const model = await scriptedServer({ script: [{ content: 'It is 12 EUR.' }], repeatLast: true });
    const extract = modelExtractor(openAiModel({ baseUrl: model.baseUrl, model: 'light' }));
    for (const [path, body, type] of [
      ['/none', '', 'text/html'],
      ['/blank', '<html><head><title>Page</title></head><body> <p> </p></body></html>', 'text/html'],
      ['/blank.txt', ' \n', 'text/plain'],
    ] as const) {
      const { json, outcome, sources } = await scrape(pages.at(path, body, type), { extract });
      assert.deepEqual([json.success, outcome, json.extracted_info, sources], [false, 'failed', '', undefined]);
      assert.match(json.error, /^There is no text on this page\./);
    }
    assert.equal(model.requests.length, 0);
    await model.close();
  });

  it('says where the content of a page of frames is, and makes its addresses known', async () => {
    for (const [path, html] of [
      [
        '/frames',
        '<html><head><title>Old</title></head><frameset><frame src="/menu.html"><frame src="text.html"></frameset></html>',
      ],
      ['/iframe', '<html><body><iframe src="/menu.html"></iframe><iframe src="text.html"></iframe></body></html>'],
    ] as const) {
      const links: string[] = [];
      const onRead = (found: readonly string[]) => links.push(...found);
      const { json } = await scrape(pages.at(path, html), { onRead });
      const addresses = [`${pages.origin}/menu.html`, `${pages.origin}/text.html`];
      assert.equal(json.success, false);
      assert.ok(json.error.includes(`Its content is in frames: ${addresses.join(', ')}.`), json.error);
      assert.deepEqual(links, addresses);
    }
  });
});
