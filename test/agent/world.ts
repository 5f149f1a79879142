/** A loop's world for tests: a log in memory, tools that count, a clock that does not wait. */
import { z } from 'zod';
import type { Ports } from '../../src/agent/going.ts';
import { wheel } from '../../src/runs/steering.ts';
import { startFact } from '../../src/agent/start.ts';
import { defineTool, type Tool } from '../../src/agent/tool.ts';
import { noCheckpoints, type Model } from '../../src/agent/ports.ts';
import { plainEnvelope } from '../../src/shared/envelope.ts';
import { noWeb } from '../../src/shared/webSettings.ts';
import { noOutput } from '../fakes/noOutput.ts';
import type { Fact, TrajectoryEvent } from '../../src/shared/events.ts';
import type { RunSettings, ToolFormat } from '../../src/shared/runSettings.ts';
import { emptyTrajectory, fold, type Trajectory } from '../../src/shared/trajectory.ts';
import { callBlock } from '../../src/agent/messages.ts';

/** Settings of a test run. */
export const testSettings: RunSettings = {
  contextWindow: 262_144,
  maxTokens: 16_384,
  maxTurns: 600,
  maxCalls: 600,
  retention: { policy: 'recency', keep: 5, slack: 0 },
  attempts: 1,
  budget: {},
  subAgents: false,
  web: noWeb,
  clarify: false,
  plan: false,
  approval: 'sandbox',
  envelope: plainEnvelope,
  domains: [],
  workspace: 'read-write',
  network: 'off',
  answer: 'full',
};

/** A tool `notes.echo` that gives back its text and counts how often it ran. */
export function echoTool(): Tool & { readonly ran: string[] } {
  const ran: string[] = [];
  const tool = defineTool({
    server: 'notes',
    name: 'echo',
    description: 'Gives back its text.',
    input: z.object({ text: z.string() }),
    effect: 'write',
    run: async ({ text }) => {
      ran.push(text);
      return { content: `echo: ${text}` };
    },
  });
  return { ...tool, ran };
}

/** A reply that thinks and calls `notes.echo`. */
export function echoCall(text: string, thought = 'I look.'): string {
  return `<think>${thought}</think>\n\n${callBlock({ server: 'notes', tool: 'echo', arguments: { text } })}`;
}

/** Everything that the loop asks for, and what it did. */
export function world(
  model: Model,
  tools: readonly Tool[],
  settings: Partial<RunSettings> = {},
  toolFormat: ToolFormat = 'mcp-xml',
) {
  const events: TrajectoryEvent[] = [];
  let now = 1_000;
  const steer = wheel();
  const append = async (...facts: readonly Fact[]) => {
    const added = facts.map((fact) => ({ seq: events.length, at: ++now, ...fact }));
    const placed = added.map((event, index) => ({ ...event, seq: events.length + index }));
    events.push(...placed);
    return placed;
  };
  const ports: Ports = {
    model,
    tools,
    log: {
      append,
      putBlob: async (bytes) => ({ sha256: '0'.repeat(64), sizeBytes: bytes.length }),
      openOutput: async () => noOutput,
      readText: async () => undefined,
    },
    checkpoints: noCheckpoints,
    approval: { decide: async () => ({ decision: 'deny', note: 'not in a test' }) },
    clarification: { answer: async () => [] },
    steering: steer.port,
    counter: { count: async (texts) => texts.map((text) => Math.ceil(text.length / 4)) },
    clock: { now: () => ++now, sleep: async (ms) => void (now += ms), alarm: () => () => undefined, random: () => 1 },
    serverWaitMs: 0,
    onEvent: () => undefined,
    onPreview: () => undefined,
    report: () => undefined,
  };
  const start = async (question = 'What is it?'): Promise<Trajectory> => {
    const fact = startFact({
      runId: '20260101-000000-aaaaaa',
      question,
      mentions: [],
      model: model.name,
      baseUrl: 'http://127.0.0.1:1/v1',
      toolFormat,
      settings: { ...testSettings, ...settings },
      tools,
      roots: [{ name: 'docs', path: '/docs' }],
      date: '2026-01-01',
    });
    const [event] = await append(fact);
    return event ? fold(emptyTrajectory, event) : emptyTrajectory;
  };
  return { events, ports, start, wheel: steer, types: () => events.map((event) => event.type) };
}
