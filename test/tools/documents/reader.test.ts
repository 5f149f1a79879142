/** The reader of documents: a thread that reads, is given up when it takes too long, and is replaced. */
import assert from 'node:assert/strict';
import { documentReader } from '../../../src/tools/documents/reader.ts';
import { ToolError } from '../../../src/agent/errors.ts';

const never = new AbortController().signal;
const bytes = (text: string) => new TextEncoder().encode(text);
const page = (body: string) => ({
  bytes: bytes(`<html><head><title>T</title></head><body>${body}</body></html>`),
  name: 'page.html',
});

describe('documentReader', () => {
  const reader = documentReader();
  after(() => reader.dispose());

  it('reads a page and a text', async () => {
    const [html, text] = await Promise.all([
      reader.read(page('<h1>One</h1><p>Two <b>three</b>.</p>'), never),
      reader.read({ bytes: bytes('plain\r\nlines'), name: 'notes.txt' }, never),
    ]);
    assert.deepEqual([html.kind, html.title, html.text], ['html', 'T', '# One\n\nTwo **three**.']);
    assert.deepEqual([text.kind, text.text], ['text', 'plain\nlines']);
  });

  it('rejects with the reason of a signal, and reads on', async () => {
    const stop = new AbortController();
    const reading = reader.read(page('<p>x</p>'.repeat(200_000)), stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(reading, /enough/);
    assert.equal((await reader.read(page('<p>Next.</p>'), never)).text, 'Next.');
  });

  it('gives up what takes too long, as a problem for the model, and reads on', async () => {
    const hasty = documentReader({ timeoutMs: 1, threads: 1 });
    await assert.rejects(
      hasty.read(page('<p>x</p>'.repeat(200_000)), never),
      (error) => error instanceof ToolError && /longer than/.test(error.message),
    );
    await hasty.dispose();
  });

  it('survives a document that needs more memory than a thread may have', async () => {
    const small = documentReader({ maxHeapMb: 24, threads: 1 });
    await assert.rejects(small.read(page('<p><b>x</b></p>'.repeat(70_000)), never), ToolError);
    assert.equal((await small.read(page('<p>Next.</p>'), never)).text, 'Next.');
    await small.dispose();
  });

  it('reads many at a time, each once', async () => {
    const texts = await Promise.all(
      Array.from({ length: 12 }, (_, i) => reader.read(page(`<p>Page ${i}.</p>`), never)),
    );
    assert.deepEqual(
      texts.map(({ text }) => text),
      Array.from({ length: 12 }, (_, i) => `Page ${i}.`),
    );
  });

  it('reads nothing once it is disposed', async () => {
    const gone = documentReader();
    const reading = assert.rejects(gone.read(page('<p>x</p>'.repeat(200_000)), never), /disposed/);
    await gone.dispose();
    await reading;
    await assert.rejects(gone.read(page(''), never), /disposed/);
  });
});
