import assert from 'node:assert/strict';
import { run } from '../../src/agent/loop.ts';
import { openAiModel } from '../../src/model/client.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { scriptedServer } from '../fakes/scriptedServer.ts';
import { echoCall, echoTool, world } from './world.ts';

const never = new AbortController().signal;

describe('a run with native calls', () => {
  for (const [server, status, message] of [
    ['llama.cpp', 500, 'tools param requires --jinja flag'],
    ['vLLM', 400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
    ['Ollama', 400, 'registry.ollama.ai/library/gemma3:4b does not support tools'],
  ] as const) {
    it(`goes on with calls as text when ${server} takes none`, async () => {
      const script = [
        { status, body: { error: { message, type: 'invalid_request_error' } } },
        { content: echoCall('a') },
        { content: 'Done.' },
        { content: '\\boxed{so}' },
      ];
      const scripted = await scriptedServer({ script });
      try {
        const tool = echoTool();
        const model = openAiModel({ baseUrl: scripted.baseUrl, model: 'scripted' });
        const { ports, start, events } = world(model, [tool], {}, 'native');
        const end = await run(await start(), ports, never);
        assert.deepEqual([tool.ran, end.toolFormat], [['a'], 'mcp-xml']);
        const [refused, then] = scripted.requests;
        assert.ok(refused?.body['tools']);
        assert.equal(then?.body['tools'], undefined);
        assert.match(then?.text ?? '', /### Tool name: echo/);
        const changed = events.find((event) => event.type === 'format.changed');
        assert.ok(changed?.reason.includes(message));
        assert.deepEqual(foldAll(events), end);
      } finally {
        await scripted.close();
      }
    });
  }
});
