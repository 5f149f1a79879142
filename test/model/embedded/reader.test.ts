import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ChatMessage } from '../../../src/agent/messages.ts';
import { run } from '../../../src/agent/loop.ts';
import { answerPrompt } from '../../../src/agent/prompt.ts';
import { readReply } from '../../../src/agent/toolCalls.ts';
import { embeddedReader } from '../../../src/model/embedded/reader.ts';
import type { RunSettings } from '../../../src/shared/runSettings.ts';
import { workspaceTools } from '../../../src/tools/index.ts';
import { openWorkspace } from '../../../src/tools/workspace.ts';
import { world } from '../../agent/world.ts';

const kettle = `# Kettles

The small kettle boils a litre of water in 90 seconds.

## Care

Descale the small kettle every 3 months, with vinegar.`;

const files = {
  'docs/kettle.md': kettle,
  'docs/oven.html': '<h1>Oven</h1>\n<p>The oven reaches <b>250&nbsp;degrees</b> in twelve minutes.</p>',
  'docs/tags.md': 'The parser ends a thought at </think> and a call at </use_mcp_tool>, always.',
  'src/pump.ts': '// The pump starts after the valve opens.\nexport const pumpDelay = 7;',
};

describe('embeddedReader', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reader-'));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  });
  after(() => rm(folder, { recursive: true }));

  const ask = async (question: string, settings: Partial<RunSettings> = {}, format?: 'native') => {
    const tools = workspaceTools(await openWorkspace([folder]));
    const { ports, start, events } = world(embeddedReader, tools, settings, format);
    await run(await start(question), ports, new AbortController().signal);
    return { events, given: events.find((event) => event.type === 'answer.given'), end: events.at(-1) };
  };

  it('searches, opens and quotes the passage with its file and line', async () => {
    const { events, given } = await ask('How long does the small kettle need to boil water?');
    assert.match(
      given?.text ?? '',
      /The small kettle boils a litre of water in 90 seconds\..*” \[docs\/kettle\.md:3\]/,
    );
    assert.match(given?.text ?? '', /not a language model/);
    assert.equal(given?.sources[0]?.uri, 'docs/kettle.md');
    const used = events.flatMap((event) => (event.type === 'tool.started' ? [event.tool] : []));
    assert.deepEqual([used[0], used[1]], ['search_files', 'read_file']);
    assert.ok(events.every((event) => event.type !== 'turn.rolledBack'));
    assert.ok(events.every((event) => event.type !== 'tool.finished' || event.outcome === 'ok'));
  });

  it('reads pages without their tags, and code where documents say nothing', async () => {
    const oven = await ask('Which temperature does the oven reach in minutes?');
    assert.match(oven.given?.text ?? '', /The oven reaches 250 degrees in twelve minutes\.” \[docs\/oven\.html:2\]/);
    const pump = await ask('What is pumpDelay?');
    assert.match(pump.given?.text ?? '', /pumpDelay = 7.*\[src\/pump\.ts:/);
  });

  it('says that it found nothing, and gives no answer', async () => {
    const { given, end } = await ask('Who painted the Mona Lisa?');
    assert.equal(given, undefined);
    assert.equal(end?.type, 'run.ended');
    assert.match(JSON.stringify(end), /found no answer/);
  });

  it('answers alike when only the newest observation stays in view, and natively', async () => {
    const question = 'How often should I descale the small kettle?';
    const { given } = await ask(question);
    assert.match(given?.text ?? '', /every 3 months/);
    assert.deepEqual(
      (await ask(question, { retention: { policy: 'recency', keep: 1, slack: 0 } })).given?.text,
      given?.text,
    );
    assert.deepEqual((await ask(question, {}, 'native')).given?.text, given?.text);
  });

  it('is not led astray by tags in a file that it notes', async () => {
    const { events, given } = await ask('Where does the parser end a thought?');
    assert.match(given?.text ?? '', /The parser ends a thought at/);
    assert.ok(events.every((event) => event.type !== 'turn.rolledBack'));
  });

  it('takes up a later question of the same conversation afresh', async () => {
    const messages: readonly ChatMessage[] = [
      { role: 'system', content: '' },
      { role: 'user', content: 'How hot is the oven?' },
      { role: 'assistant', content: '<think>\nFiles searched: 9\n</think>\n\nI have read enough to answer.' },
      { role: 'user', content: answerPrompt({ question: 'How hot is the oven?', answer: 'full', cutShort: false }) },
      { role: 'assistant', content: '- “Hot.” [oven.html:2]\n\n\\boxed{Hot}' },
      { role: 'user', content: 'How many valves does the pump have?' },
    ];
    const toolFormat = 'mcp-xml' as const;
    const request = {
      messages,
      tools: [],
      toolFormat,
      mayCall: true,

      maxTokens: 1,
      onPreview: () => undefined,
    };
    const reply = await embeddedReader.complete(request, new AbortController().signal);
    const { calls } = readReply(reply, []);
    assert.equal(calls[0]?.tool, 'search_files');
    assert.match(JSON.stringify(calls[0].arguments), /valv.*pump(?!.*oven)/);
  });
});
