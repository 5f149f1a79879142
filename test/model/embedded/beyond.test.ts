/** The embedded reader beyond text: a document of Word's, a search engine and its page, and a file put to the question. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { startRun } from '../../../src/runs/startRun.ts';
import type { AskedQuestion } from '../../../src/runs/liveRun.ts';
import type { RunChoice } from '../../../src/runs/choice.ts';
import { foldAll } from '../../../src/shared/trajectory.ts';
import { runPlace } from '../../runs/runPlace.ts';

const page = `<html><head><title>Windmills of Zeeland</title></head><body><article><h1>Windmills</h1>
<p>The windmill of Middelburg was built in 1736 by Pieter de Koning, a carpenter from Veere, and it still grinds grain.</p>
<p>It stands on the northern wall of the town, where the wind from the sea is strongest through the whole year.</p>
</article></body></html>`;

/** A PDF with a line of text on each page. */
function pdfOf(lines: readonly string[]): string {
  const pages = lines.map((_, at) => 4 + 2 * at);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${lines.length} /Kids [${pages.map((page) => `${page} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    ...lines.flatMap((line, at) => {
      const content = `BT /F1 12 Tf 72 720 Td (${line}) Tj ET`;
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${5 + 2 * at} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
  ];
  let text = '%PDF-1.4\n';
  const places = objects.map((object, at) => {
    const place = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}`;
  return `${text}${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF`;
}

describe('the embedded reader beyond text', function () {
  this.timeout(60_000);
  let place: Awaited<ReturnType<typeof runPlace>>;
  let server: Server;
  let address = '';

  before(async () => {
    server = createServer((request, response) => {
      const isSearch = request.url?.startsWith('/search') === true;
      const found = { results: [{ title: 'Windmills [of] Zeeland', url: `${address}/mills`, content: 'About mills' }] };
      response.setHeader('content-type', isSearch ? 'application/json' : 'text/html');
      if (request.url === '/robots.txt') response.writeHead(404).end();
      else response.end(isSearch ? JSON.stringify(found) : page);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = z.object({ port: z.number() }).parse(server.address());
    address = `http://127.0.0.1:${port}`;
  });
  after(() => server.close());
  beforeEach(async () => {
    place = await runPlace(() => ({ content: 'nobody asks this server' }));
  });
  afterEach(async () => place.dispose());

  const ask = async (question: AskedQuestion, choice: RunChoice = {}) => {
    const run = await startRun(question, { ...choice, model: 'embedded' }, place.around);
    await run.done;
    const { items } = foldAll(run.events());
    const answer = items.findLast((item) => item.kind === 'answer');
    return {
      text: answer?.text ?? '',
      used: run.events().flatMap((event) => (event.type === 'tool.started' ? [event.tool] : [])),
      rolledBack: run.events().filter(({ type }) => type === 'turn.rolledBack').length,
    };
  };

  it('searches documents, reads the one that fits and says its page', async () => {
    const words = ['The paper is about lighthouses.', 'The lighthouse of Westkapelle is 52 metres high.'];
    await writeFile(join(place.workspace, 'paper.pdf'), pdfOf(words));
    const { text, used } = await ask({ text: 'How high is the lighthouse of Westkapelle?', mentions: [] });
    assert.ok(used.includes('search_workspace') && used.includes('read_document'), used.join());
    assert.match(text, /52 metres high\.” \[paper\.pdf:2\] \(page 2\)/);
  });

  it('asks the web where a search is set up, and cites its page', async () => {
    const web = { search: [{ provider: 'searxng', url: address }], allowLoopback: true } as const;
    const question = { text: 'Who built the windmill of Middelburg?', mentions: [] };
    const { text, used, rolledBack } = await ask(question, { web });
    assert.deepEqual(used.slice(-2), ['google_search', 'scrape_and_extract_info']);
    assert.match(
      text,
      /built in 1736 by Pieter de Koning.*” \[Windmills of Zeeland\]\(http:\/\/127\.0\.0\.1:\d+\/mills\)/,
    );
    assert.equal(rolledBack, 0);
  });

  it('quotes a file that came with the question', async () => {
    const attachments = [
      { path: 'mills.pdf', text: 'The windmill of Veere was built in 1802 by Jan Bos.', truncated: false },
    ];
    const { text } = await ask({ text: 'Who built the windmill of Veere?', mentions: [], attachments });
    assert.match(text, /built in 1802 by Jan Bos\.” \[mills\.pdf:1\]/);
  });

  it('asks nobody outside without a search', async () => {
    const { text, used, rolledBack } = await ask({ text: 'Who built the windmill of Middelburg?', mentions: [] });
    assert.equal(text, '');
    assert.ok(!used.includes('google_search'));
    assert.equal(rolledBack, 0);
  });
});
