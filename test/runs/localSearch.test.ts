import assert from 'node:assert/strict';
import { localSearchServers } from '../../src/runs/localSearch.ts';
import { trySearch } from '../../src/runs/trySearch.ts';
import { startKiwix } from '../harness/kiwix.ts';
import type { LocalServer } from '../harness/localServer.ts';
import { startSearx } from '../harness/searx.ts';
import { startService } from '../tools/search/services.ts';

const signal = new AbortController().signal;

describe('search servers on this machine', () => {
  let searx: LocalServer;
  let kiwix: LocalServer;

  before(async () => {
    [searx, kiwix] = await Promise.all([startSearx(), startKiwix()]);
  });
  after(async () => {
    await Promise.all([searx.close(), kiwix.close()]);
  });

  it('are found and told apart, and nothing else is taken for one', async () => {
    const other = await startService([{ json: { object: 'list', data: [] } }]);
    try {
      const ports = [other, searx, kiwix].map(({ url }) => Number(new URL(url).port));
      assert.deepEqual(await localSearchServers(signal, [...ports, 9]), [
        { provider: 'searxng', url: searx.url },
        { provider: 'kiwix', url: kiwix.url },
      ]);
      assert.ok(other.asked.every(({ query }) => Object.keys(query).length === 0));
    } finally {
      await other.close();
    }
  });

  it('are tried with one search', async () => {
    const options = { allowLoopback: true, signal };
    const { label, hits } = await trySearch({ provider: 'kiwix', url: kiwix.url }, undefined, options);
    assert.equal(label, `Kiwix at ${kiwix.url}`);
    assert.ok(hits.length > 0);
    const refused = trySearch({ provider: 'searxng', url: searx.url }, undefined, { ...options, allowLoopback: false });
    await assert.rejects(refused, { name: 'UserError', message: /^SearXNG at \S+ does not answer: .*allowLoopback/ });
    await assert.rejects(trySearch({ provider: 'brave' }, undefined, options), { message: 'brave lacks a key.' });
  });
});
