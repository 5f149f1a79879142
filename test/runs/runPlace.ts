/** Real runs for tests: a workspace and a runs folder on disk, and a server whose replies are a function of the request. */
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { RunSurroundings } from '../../src/runs/surroundings.ts';
import type { RunChoice } from '../../src/runs/choice.ts';
import type { TrajectoryEvent } from '../../src/shared/events.ts';
import { readLog } from '../../src/store/readLog.ts';
import { scriptedServer, type RecordedRequest, type Reply } from '../fakes/scriptedServer.ts';
import { plainSandbox } from '../fakes/plainSandbox.ts';
import { plainWeb } from '../../src/runs/surroundings.ts';

const bodySchema = z.object({
  seed: z.number().optional(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
});

/** A request as a script needs it: what the system prompt, the question and the newest message say. */
export interface Asked {
  readonly system: string;
  readonly question: string;
  readonly last: string;
  readonly messages: number;
  readonly seed: number | undefined;
}

/** Reads a request of the text format. */
export function askedIn({ body }: Pick<RecordedRequest, 'body'>): Asked {
  const { messages, seed } = bodySchema.parse(body);
  const [system, question] = messages.map(({ content }) => content);
  return {
    system: system ?? '',
    question: question ?? '',
    last: messages.at(-1)?.content ?? '',
    messages: messages.length,
    seed,
  };
}

/** A place for runs; `reply` answers every request. The caller disposes it. */
export async function runPlace(reply: (asked: Asked) => Reply | Promise<Reply>) {
  const base = await mkdtemp(join(tmpdir(), 'mirothinker-runs-'));
  const [workspace, runsFolder] = [join(base, 'workspace'), join(base, 'runs')];
  await mkdir(workspace);
  await writeFile(join(workspace, 'notes.md'), 'The tower is 42 m high.\nIt is red.\n');
  const server = await scriptedServer({ script: [(request) => reply(askedIn(request))], repeatLast: true });
  const closing = new AbortController();
  const bugs: unknown[] = [];
  const around: RunSurroundings = {
    roots: [{ name: 'workspace', path: workspace }],
    runsFolder,
    apiKey: undefined,
    signal: closing.signal,
    serverWaitMs: 0,
    ...plainSandbox,
    ripgrepPath: undefined,
    web: plainWeb,
    report: (error) => bugs.push(error),
  };
  const choice: RunChoice = { baseUrl: server.baseUrl, model: 'scripted', toolFormat: 'mcp-xml', approval: 'sandbox' };
  return {
    workspace,
    server,
    around,
    choice,
    /** What was reported as a bug. */
    bugs,
    runIds: async () => (await readdir(runsFolder)).toSorted(),
    events: async (runId: string): Promise<readonly TrajectoryEvent[]> =>
      (await readLog(join(runsFolder, runId))).events,
    /** Surroundings with the runs as a crash in this moment would leave them: as they are on disk, and nobody's. */
    afterCrash: async (): Promise<RunSurroundings> => {
      const left = join(base, 'left');
      await cp(runsFolder, left, { recursive: true });
      for (const runId of await readdir(left)) await rm(join(left, runId, 'lock'), { force: true });
      return { ...around, runsFolder: left };
    },
    dispose: async () => {
      closing.abort();
      await server.close();
      await rm(base, { recursive: true, force: true });
    },
  };
}
