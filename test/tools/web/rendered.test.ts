/** Pages that are nothing without JavaScript, read as a browser shows them. */
import assert from 'node:assert/strict';
import { documentReader } from '../../../src/tools/documents/reader.ts';
import { pageFetcher } from '../../../src/tools/web/fetchPages.ts';
import { pageReader } from '../../../src/tools/web/readPage.ts';
import { faultyServer } from '../../harness/faultyServer.ts';

describe('pageReader', () => {
  it('has a page rendered that needs it where that is set, and keeps the reason where it cannot be', async () => {
    const server = await faultyServer();
    const documents = documentReader();
    const settings = { blocked: [], allowLoopback: true, robots: false, render: true };
    const fetcher = pageFetcher({ settings, cache: undefined, now: Date.now });
    const never = new AbortController().signal;
    try {
      const { page, document } = await pageReader(fetcher, documents, true)(server.at('/scripted'), { signal: never });
      assert.equal(page.rendered, true);
      assert.equal(document.wall, undefined);
      assert.match(document.text, /Words that came later/);
      assert.doesNotMatch(document.text, /enable JavaScript/);
      const plain = await pageReader(fetcher, documents, false)(server.at('/scripted'), { signal: never });
      assert.deepEqual([plain.page.rendered, plain.document.wall], [undefined, 'script']);
      const none = pageFetcher({ settings, cache: undefined, now: Date.now, browserPath: '/nowhere/chrome' });
      const unrendered = await pageReader(none, documents, true)(server.at('/scripted'), { signal: never });
      assert.match(unrendered.document.notes.join(' '), /could not be rendered/);
      await none.dispose();
    } finally {
      await Promise.all([fetcher.dispose(), documents.dispose(), server.close()]);
    }
  });
});
