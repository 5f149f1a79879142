/** Logs to look at: realistic runs in every state, as data. */
import { plainEnvelope } from '../../src/shared/envelope.ts';
import { noWeb } from '../../src/shared/webSettings.ts';
import type { Fact, FactOf, TrajectoryEvent } from '../../src/shared/events.ts';
import type { RunSettings } from '../../src/shared/runSettings.ts';

/** What the runs here were asked. */
export const question =
  'Which release dropped the old cache format, who decided it, and is anything in this repository still writing it?';

/** A log that grows: facts get their place, 1.7 s apart unless told. */
export function logOf(facts: readonly Fact[], startAt = 1_760_000_000_000): readonly TrajectoryEvent[] {
  return facts.map((fact, seq) => ({ ...fact, seq, at: startAt + seq * 1_700 }));
}

/** What the runs here were started with. */
export const settings: RunSettings = {
  contextWindow: 262_144,
  maxTokens: 16_384,
  maxTurns: 600,
  maxCalls: 600,
  retention: { policy: 'recency', keep: 5, slack: 10 },
  attempts: 5,
  budget: {},
  subAgents: false,
  web: noWeb,
  clarify: false,
  plan: false,
  approval: 'ask',
  envelope: plainEnvelope,
  domains: [],
  workspace: 'read-write',
  network: 'off',
  answer: 'full',
};

/** The first fact of every run here. */
export function started(more: Partial<FactOf<'run.started'>> = {}): Fact {
  return {
    type: 'run.started',
    format: 4,
    runId: '20251009-085320-a1b2c3',
    question,
    mentions: [],
    model: 'MiroThinker-v1.5-30B',
    baseUrl: 'http://127.0.0.1:8000/v1',
    toolFormat: 'mcp-xml',
    settings,
    system: 'You are a research agent.',
    tools: [],
    roots: ['/home/ada/cache-tool'],
    ...more,
  };
}

/** A reply with at most one call. */
export function replied(
  turn: number,
  thought: string,
  call?: { readonly server?: string; readonly tool: string; readonly args: Record<string, unknown> },
  more: Partial<FactOf<'model.replied'>> = {},
): Fact {
  const { server = 'workspace', tool = '', args = {} } = call ?? {};
  return {
    type: 'model.replied',
    turn,
    content: `<think>\n${thought}\n</think>`,
    toolCalls: call ? [{ callId: `call-${turn}`, server, tool, arguments: args }] : [],
    finishReason: 'stop',
    usage: {
      promptTokens: 3_000 + turn * 2_650,
      completionTokens: 180 + ((turn * 37) % 400),
      cachedTokens: 2_900 + turn * 2_400,
    },
    durationMs: 3_100 + ((turn * 911) % 4_000),
    mended: [],
    ...more,
  };
}

/** A call that starts and ends. */
export function done(
  turn: number,
  reply: Fact,
  content: string,
  more: Partial<FactOf<'tool.finished'>> = {},
): readonly Fact[] {
  const call = reply.type === 'model.replied' ? reply.toolCalls[0] : undefined;
  if (!call) return [reply];
  const { callId, server, tool, arguments: args } = call;
  return [
    reply,
    { type: 'tool.started', callId, server, tool, arguments: args },
    {
      type: 'tool.finished',
      callId,
      outcome: 'ok',
      content,
      truncated: false,
      durationMs: 140 + ((turn * 733) % 2_900),
      ...more,
    },
  ];
}
