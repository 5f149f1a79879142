import assert from 'node:assert/strict';
import { z } from 'zod';
import { ModelError } from '../../src/agent/errors.ts';
import { run } from '../../src/agent/loop.ts';
import { callBlock } from '../../src/agent/messages.ts';
import { defineTool, type ToolOutput } from '../../src/agent/tool.ts';
import { foldAll } from '../../src/shared/trajectory.ts';
import { scriptedModel, type ScriptedReply } from '../fakes/scriptedModel.ts';
import { echoCall, echoTool, world } from './world.ts';

const never = new AbortController().signal;
const search = (q: string) => callBlock({ server: 'web', tool: 'search', arguments: { q } });

/** A tool `web.search` whose query may not be asked twice. */
function searchTool(find: (q: string) => ToolOutput) {
  const asked: string[] = [];
  const tool = defineTool({
    server: 'web',
    name: 'search',
    description: 'Searches.',
    input: z.object({ q: z.string() }),
    effect: 'read',
    query: ({ q }) => String(q),
    run: async ({ q }) => {
      asked.push(q);
      return find(q);
    },
  });
  return { tool, asked };
}

/** Runs a script with the tools and gives what was rolled back. */
async function rollbacks(replies: readonly ScriptedReply[], tools: Parameters<typeof world>[1]) {
  const model = scriptedModel([...replies, 'Done.', '\\boxed{so}']);
  const { ports, start, events } = world(model, tools);
  const end = await run(await start(), ports, never);
  assert.deepEqual(foldAll(events), end);
  assert.equal(end.state.kind === 'ended' && end.state.reason, 'answered');
  return { undone: events.filter((event) => event.type === 'turn.rolledBack'), model, end, events };
}

describe('rollbacks', () => {
  it('undo a query that was made before, in whatever spelling, and let it pass after five in a row', async () => {
    const { tool, asked } = searchTool((q) => ({ content: `found ${q}` }));
    const again = search(' The  ANSWER ');
    const { undone, model } = await rollbacks(
      [search('the answer'), ...Array.from({ length: 6 }, () => again)],
      [tool],
    );
    assert.deepEqual(
      undone.map(({ kind }) => kind),
      Array.from({ length: 5 }, () => 'duplicate'),
    );
    assert.ok(undone.every(({ reply }) => reply === again));
    assert.deepEqual(asked, ['the answer', ' The  ANSWER ']);
    assert.equal(model.requests[5]?.messages.length, model.requests[1]?.messages.length);
  });

  it('take addresses as the same whose fragment or last slash differs', async () => {
    const { tool, asked } = searchTool((q) => ({ content: q }));
    await rollbacks([search('https://a.org/b/'), search('https://A.org/b#c'), search('https://a.org/B')], [tool]);
    assert.deepEqual(asked, ['https://a.org/b/', 'https://a.org/B']);
  });

  it('undo a turn whose search found nothing, though its call was made; it is in the log, not in the prompt', async () => {
    const { tool } = searchTool((q) =>
      q === 'void' ? { content: 'nothing', rollback: 'No result.' } : { content: q },
    );
    const { undone, model, end } = await rollbacks([search('void'), search('full')], [tool]);
    assert.deepEqual(
      undone.map(({ kind, turn }) => [kind, turn]),
      [['emptyResult', 1]],
    );
    assert.ok(
      model.requests.slice(1).every(({ messages }) => messages.every(({ content }) => !content.includes('void'))),
    );
    const turns = end.items.filter((item) => item.kind === 'turn');
    assert.deepEqual(
      turns.map(({ undone: why }) => why?.reason),
      ['No result.', undefined, undefined, undefined],
    );
    assert.equal(end.turnsOfAttempt, 2);
  });

  it('undo a turn whose tool broke, at most five in a row', async () => {
    const broken = { ...echoTool(), run: async () => Promise.reject(new TypeError('a bug')) };
    const { undone, events } = await rollbacks(
      Array.from({ length: 6 }, (_, i) => echoCall(`${i}`)),
      [broken],
    );
    assert.deepEqual(
      undone.map(({ kind }) => kind),
      Array.from({ length: 5 }, () => 'failedTool'),
    );
    const last = events.findLast((event) => event.type === 'tool.finished');
    assert.match(last?.content ?? '', /^Error executing tool echo: a bug/);
  });

  it('undo refusals, unknown tools and arguments that do not fit, each by its kind', async () => {
    const unknown = callBlock({ server: 'x', tool: 'nothing', arguments: {} });
    const wrong = callBlock({ server: 'notes', tool: 'echo', arguments: { text: { not: 'text' } } });
    const { undone } = await rollbacks(
      ["I'm sorry, but I can't do that.", unknown, wrong, echoCall('a')],
      [echoTool()],
    );
    assert.deepEqual(
      undone.map(({ kind }) => kind),
      ['refusal', 'unknownTool', 'invalidArguments'],
    );
  });

  it('ask again for a reply that was cut off, with room for a tenth more each time', async () => {
    const cut = { content: '<think>on and', finishReason: 'length' };
    const { undone, model } = await rollbacks([cut, cut, echoCall('a')], [echoTool()]);
    assert.deepEqual(
      undone.map(({ kind }) => kind),
      ['cutOff', 'cutOff'],
    );
    assert.deepEqual(
      model.requests.slice(0, 4).map(({ maxTokens }) => maxTokens),
      [16_384, 18_023, 19_825, 16_384],
    );
  });

  it('show the right form after five malformed replies in a row, and go on', async () => {
    const bad = '<use_mcp_tool><server_name>notes</server_name>';
    const { undone, events, model } = await rollbacks(
      [...Array.from({ length: 6 }, () => bad), echoCall('a')],
      [echoTool()],
    );
    assert.equal(undone.length, 5);
    assert.match(
      events.find((event) => event.type === 'turn.corrected')?.content ?? '',
      /could not be read[\s\S]*<use_mcp_tool>/,
    );
    assert.equal(model.requests[6]?.messages.at(-1)?.role, 'user');
  });

  it('sample again with another seed', async () => {
    const bad = '<use_mcp_tool>';
    const model = scriptedModel([bad, bad, 'Done.', '\\boxed{so}']);
    const { ports, start } = world(model, [echoTool()], { seed: 7 });
    await run(await start(), ports, never);
    assert.deepEqual(
      model.requests.map(({ seed }) => seed),
      [7, 8, 9, 9],
    );
  });

  it('count as spent', async () => {
    const bad = { content: '<use_mcp_tool>', usage: { promptTokens: 100, completionTokens: 5 } };
    const { end } = await rollbacks([bad, bad, { ...bad, content: echoCall('a') }], [echoTool()]);
    assert.deepEqual(end.spent, { promptTokens: 300, completionTokens: 15 });
  });

  it('show that the server is there: one that goes away after them is waited for', async () => {
    const away = new ModelError('network', 'Nothing answers.', { retryable: true });
    const { events } = await rollbacks(['<use_mcp_tool>', away, echoCall('a')], [echoTool()]);
    assert.ok(events.some(({ type }) => type === 'run.waiting'));
  });
});
