/** A model that takes out what was asked for, and does not serve. */
import assert from 'node:assert/strict';
import { openAiModel } from '../../../src/model/client.ts';
import { modelExtractor } from '../../../src/tools/web/extraction.ts';
import { scriptedServer } from '../../fakes/scriptedServer.ts';

describe('modelExtractor', () => {
  const document = { kind: 'html', text: 'The tower is 301 m high.', sections: [], links: [], notes: [] } as const;
  const extractor = (baseUrl: string, now: () => number) => {
    const extract = modelExtractor(openAiModel({ baseUrl, model: 'light' }), now);
    return async () => extract(document, 'https://example.org/', 'How high is it?', new AbortController().signal);
  };

  for (const [refusal, says] of [
    [{ status: 401, body: { error: { message: 'no' } } }, 'may not be asked'],
    [{ status: 404, body: { error: { message: 'The model `light` does not exist.' } } }, 'is not known to its server'],
  ] as const) {
    it(`asks a model that ${says} once, tells so once, and asks again after some minutes`, async () => {
      const model = await scriptedServer({ script: [refusal, { content: 'It is 301 m high.' }] });
      const clock = { ms: 0 };
      const extract = extractor(model.baseUrl, () => clock.ms);
      try {
        const first = await extract();
        assert.deepEqual(first.notes, [
          `No model took out what was asked for (light ${says}): these are the passages that fit it best.`,
        ]);
        const second = await extract();
        assert.deepEqual([second.text, second.notes, model.requests.length], [document.text, [], 1]);
        clock.ms = 6 * 60_000;
        assert.deepEqual([(await extract()).model, model.requests.length], ['light', 2]);
      } finally {
        await model.close();
      }
    });
  }

  it('asks no second time where nobody answers, and comes back to a server that does', async () => {
    const { port, baseUrl, close } = await scriptedServer({ script: [] });
    await close();
    const clock = { ms: 0 };
    const extract = extractor(baseUrl, () => clock.ms);
    assert.match((await extract()).notes.join(), /light does not answer/);
    const back = await scriptedServer({ port, script: [{ content: 'It is 301 m high.' }] });
    try {
      assert.deepEqual([(await extract()).model, back.requests.length], ['', 0]);
      clock.ms = 2 * 60_000;
      assert.deepEqual([(await extract()).model, back.requests.length], ['light', 1]);
    } finally {
      await back.close();
    }
  });

  it('tries again where a failure passes', async () => {
    const model = await scriptedServer({
      script: [{ status: 500, body: {} }, { content: 'It is 301 m high.' }],
    });
    try {
      assert.equal((await extractor(model.baseUrl, () => 0)()).model, 'light');
    } finally {
      await model.close();
    }
  });
});
