/**
 * A run of 100 calls, each search followed by four readings of what it brought, with and without reading ahead. The delays
 * are those of the real things (search 300 ms, page 800 ms, model 1.5 s), divided by SPECULATIVE_SCALE where that is set. It
 * takes four minutes.
 *
 * `speculative.*`: the model takes its time for each turn, and what takes out of a page what was asked for answers at once.
 * Pages are 64 of 222 s, so that no reading ahead can cut more than 29 %. A scale multiplies the run's own work as well,
 * which makes the cut look smaller than it is.
 * `speculative.extracting.*`, where SPECULATIVE_EXTRACTION_MS is set: what was asked for is taken out of each page by a model
 * call of its own, of so many ms. With 1,500 pages are 64 of 342 s: no more than 19 % can be cut, and what was asked for is
 * not known before it is asked. It has no limit.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { startRun } from '../../src/runs/startRun.ts';
import { call } from '../fakes/scriptedServer.ts';
import { runPlace } from '../runs/runPlace.ts';
import { figure } from './figure.ts';

const scale = Number(process.env['SPECULATIVE_SCALE'] ?? 1);
const delays = { search: 300 / scale, page: 800 / scale, model: 1_500 / scale };
const calls = 100;
const extractionMs = Number(process.env['SPECULATIVE_EXTRACTION_MS'] ?? 0) / scale;
const readings = 4;
/** Each result of a search is on another host. */
const hosts = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'] as const;
const paragraph = 'The bridge was built in stages, and each stage is told of in the records of the town. ';

const answering = new Set<Server>();

async function serve(host: string, delayMs: number, body: (path: string) => readonly [type: string, text: string]) {
  const server = createServer(({ url = '/' }, response) => {
    const [type, text] = body(url);
    setTimeout(() => response.writeHead(200, { 'content-type': type }).end(text), delayMs);
  });
  server.listen(0, host);
  await once(server, 'listening');
  answering.add(server);
  const address = server.address();
  return `http://${host}:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

const sites = await Promise.all(
  hosts.map((host) =>
    serve(host, delays.page, (path) => [
      'text/html; charset=utf-8',
      `<!doctype html><title>Page ${path}</title><article><h1>Page ${path}</h1><p>${paragraph.repeat(40)}</p></article>`,
    ]),
  ),
);
const search = await serve('127.0.0.1', delays.search, (path) => {
  const query = URL.parse(path, 'http://x')?.searchParams.get('q') ?? '';
  const results = sites.map((site, index) => ({
    title: `${query} ${index}`,
    url: pageOf(site, query),
    content: query,
  }));
  return ['application/json', JSON.stringify({ results })];
});

function pageOf(site: string, query: string): string {
  return `${site}/${query.replaceAll(' ', '-')}`;
}

/** One run's wall time in ms. Throws where a call did not go well. */
async function timeOf(speculative: 'on' | 'off', extractionMs: number) {
  let turn = 0;
  const place = await runPlace(({ system }) => {
    if (system.includes('what was asked for')) return { content: 'It was built in stages.', prefillMs: extractionMs };
    return {
      content: nextReply(turn++),
      prefillMs: delays.model,
    };
  });
  try {
    const web = {
      search: [{ provider: 'searxng' as const, url: search }],
      allowLoopback: true,
      robots: false,
      speculative,
    };
    const from = performance.now();
    const run = await startRun(
      { text: 'When was the bridge built?', mentions: [] },
      { ...place.choice, web },
      place.around,
    );
    const { state } = await run.done;
    const ms = performance.now() - from;
    const done = run.events().filter((event) => event.type === 'tool.finished' && event.outcome === 'ok').length;
    if (done !== calls || state.kind !== 'ended' || state.reason !== 'answered') {
      throw new Error(`${done} calls went well, and the run is ${JSON.stringify(state)}.`);
    }
    return ms;
  } finally {
    await place.dispose();
  }
}

function nextReply(turn: number): string {
  if (turn >= calls) return 'It was built in stages. \\boxed{in stages}';
  const [round, part] = [Math.floor(turn / (readings + 1)), turn % (readings + 1)];
  const query = `bridge ${round}`;
  if (part === 0) return call('search_and_scrape_webpage', 'google_search', { q: query });
  const url = pageOf(sites[part - 1] ?? '', query);
  return call('jina_scrape_llm_summary', 'scrape_and_extract_info', { url, info_to_extract: 'When it was built.' });
}

/** Both at the same time, so that a busy machine is as busy for the one as for the other. */
async function measure(name: string, extractionMs: number, limit: { readonly limit?: number }) {
  const [without, ahead] = await Promise.all([timeOf('off', extractionMs), timeOf('on', extractionMs)]);
  figure(`${name}.without`, (without / 1_000) * scale, 's');
  figure(`${name}.ahead`, (ahead / 1_000) * scale, 's');
  figure(`${name}.cut`, (1 - ahead / without) * 100, '%', { better: 'higher', ...limit });
}

try {
  await measure('speculative', 0, { limit: 25 });
  if (extractionMs > 0) await measure('speculative.extracting', extractionMs, {});
} finally {
  for (const server of answering) server.close();
}
