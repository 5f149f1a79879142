/** A whole run against a real server on loopback whose second reply (and more) is faulty. */
import assert from 'node:assert/strict';
import { z } from 'zod';
import { run } from '../../src/agent/loop.ts';
import { openAiModel } from '../../src/model/client.ts';
import type { Preview } from '../../src/agent/ports.ts';
import type { RunSettings, ToolFormat } from '../../src/shared/runSettings.ts';
import {
  call,
  nativeCall,
  scriptedServer,
  type RecordedRequest,
  type Reply,
  type ScriptedServer,
  type Step,
} from '../fakes/scriptedServer.ts';
import { echoTool, world } from './world.ts';

/** How a faulty run differs from an ordinary one. */
export interface FaultyRunOptions {
  readonly format?: ToolFormat;
  readonly silenceMs?: number;
  readonly settings?: Partial<RunSettings>;
  /** How long a server that is away is waited for; default: not at all. */
  readonly serverWaitMs?: number;
  /** Called in place of each wait; waiting takes no time. */
  readonly onSleep?: (server: ScriptedServer) => Promise<unknown>;
  /** Called while a tool runs. */
  readonly onTool?: (text: string, server: ScriptedServer) => Promise<unknown>;
  /** The first reply is faulty already. */
  readonly fromTheStart?: true;
}

/** What a good model says: it echoes `a`, then `b`, stops, and answers 42. */
export function goodReply({ body }: RecordedRequest): Reply {
  const { messages } = bodySchema.parse(body);
  const said = messages.map(({ content }) => content ?? '');
  if (said.at(-1)?.includes('boxed')) return { content: 'It is 42.\n\n\\boxed{42}' };
  const next = ['a', 'b'].find((text) => !said.some((content) => content.includes(`echo: ${text}`)));
  if (next === undefined) return { content: 'I know it now.' };
  return 'tools' in body
    ? { content: 'I look.', toolCalls: [nativeCall('notes', 'echo', { text: next })] }
    : { content: `<think>I look.</think>\n\n${call('notes', 'echo', { text: next })}` };
}

/** Runs to the end: a good reply, then the faults, one a request, then good ones for ever. */
export async function faultyRun(faults: readonly Step[], options: FaultyRunOptions = {}) {
  const script = [...(options.fromTheStart ? [] : [goodReply]), ...faults, goodReply];
  const server = await scriptedServer({ script, repeatLast: true });
  const sleeps: number[] = [];
  const bugs: unknown[] = [];
  const previews: Preview[] = [];
  const echo = echoTool();
  const tool: typeof echo = {
    ...echo,
    run: async (...given) => {
      await options.onTool?.(JSON.stringify(given[0]), server);
      return echo.run(...given);
    },
  };
  const { baseUrl } = server;
  const model = openAiModel({ baseUrl, model: 'scripted', silenceMs: options.silenceMs ?? 600_000 });
  const made = world(model, [tool], options.settings, options.format);
  const ports = {
    ...made.ports,
    serverWaitMs: options.serverWaitMs ?? 0,
    clock: {
      ...made.ports.clock,
      sleep: async (ms: number, signal: AbortSignal) => {
        sleeps.push(ms);
        await options.onSleep?.(server);
        await made.ports.clock.sleep(ms, signal);
      },
    },
    report: (error: unknown) => bugs.push(error),
    onPreview: (preview: Preview) => previews.push(preview),
  };
  try {
    const end = await run(await made.start(), ports, new AbortController().signal);
    assert.deepEqual(bugs, []);
    for (const request of server.requests) assertValidHistory(request);
    const { state } = end;
    const boxed = made.events.find((event) => event.type === 'answer.given')?.boxed;
    const ended = state.kind === 'ended' ? state : undefined;
    const { events } = made;
    return { events, types: made.types(), boxed, ended, server, sleeps, previews, ran: echo.ran };
  } finally {
    await server.close();
  }
}

/** Runs to the right answer, and fails the test when it is another or the tool did not run as it should. */
export async function answersDespite(faults: readonly Step[], options: FaultyRunOptions = {}) {
  const result = await faultyRun(faults, options);
  assert.equal(result.boxed, '42', JSON.stringify(result.ended));
  assert.equal(result.ended?.reason, 'answered');
  assert.deepEqual(result.ran, ['a', 'b']);
  return result;
}

const bodySchema = z.object({
  messages: z.array(
    z.object({
      content: z.string().nullish(),
      tool_calls: z.array(z.object({ function: z.object({ arguments: z.string() }) })).optional(),
    }),
  ),
});

/** What a server would refuse for ever once it is in the history: arguments that are no JSON object. */
function assertValidHistory({ body }: RecordedRequest): void {
  for (const { tool_calls: calls = [] } of bodySchema.parse(body).messages) {
    for (const { function: called } of calls) {
      const read: unknown = JSON.parse(called.arguments);
      assert.ok(typeof read === 'object' && read !== null && !Array.isArray(read), called.arguments);
    }
  }
}
