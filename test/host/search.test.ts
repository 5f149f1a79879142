import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { call } from '../fakes/scriptedServer.ts';
import { startService, serperAnswer } from '../tools/search/services.ts';
import { editorRuns } from './editorRuns.ts';

const stored = (name: string) => vscode.workspace.getConfiguration('mirothinker').inspect(name)?.globalValue;

describe('Set Up Search', () => {
  const { server, set, start, ended } = editorRuns();
  const setUp = (given: unknown) => vscode.commands.executeCommand('mirothinker.setUpSearch', given);

  beforeEach(async () => {
    await set('search.providers', undefined);
    await set('web.allowLoopback', undefined);
  });

  it('tries a provider, stores it and its key, and the next run searches with it', async () => {
    const service = await startService([{ json: serperAnswer }]);
    try {
      const given = { provider: 'serper', url: service.url, key: 'of the test', allowLoopback: true };
      assert.equal(
        await setUp(given),
        `Serper at ${service.url} answers: 3 results for "history", the first: Cheese - Wikipedia.`,
      );
      assert.deepEqual(stored('search.providers'), [{ provider: 'serper', url: service.url }]);
      assert.equal(stored('web.allowLoopback'), true);
      const google = { content: call('search_and_scrape_webpage', 'google_search', { q: 'cheese' }) };
      const runId = await start([google, { content: 'Known.' }, { content: '\\boxed{cheese}' }], 'sandbox');
      assert.match(await ended(runId), /"link\\":\\"https:\/\/en\.wikipedia\.org\/wiki\/Cheese/);
      assert.match(server().requests[0]?.text ?? '', /google_search/);
      assert.deepEqual(
        service.asked.map(({ headers }) => headers['x-api-key']),
        ['of the test', 'of the test'],
      );
    } finally {
      await service.close();
    }
  });

  it('stores nothing of a provider that does not answer, or that may not be on this machine', async () => {
    const service = await startService([{ status: 403, json: { message: 'Unauthorized.' } }]);
    try {
      assert.equal(await setUp({ provider: 'brave', url: service.url, key: 'wrong', allowLoopback: true }), undefined);
      assert.equal(await setUp({ provider: 'tavily', url: service.url, key: 'right' }), undefined);
      assert.equal(service.asked.length, 1);
      assert.deepEqual([stored('search.providers'), stored('web.allowLoopback')], [undefined, undefined]);
    } finally {
      await service.close();
    }
  });
});
