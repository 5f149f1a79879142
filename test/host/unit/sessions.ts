/** A session on a scripted server, with real runs in scratch folders. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Session } from '../../../src/host/session.ts';
import type { RunChoice } from '../../../src/runs/choice.ts';
import type { TrajectoryEvent } from '../../../src/shared/events.ts';
import type { Trajectory } from '../../../src/shared/trajectory.ts';
import { readLog } from '../../../src/store/readLog.ts';
import { listRuns } from '../../../src/store/runs.ts';
import { scriptedServer, type ScriptedServer, type Step } from '../../fakes/scriptedServer.ts';
import { plainSandbox } from '../../fakes/plainSandbox.ts';
import { plainWeb } from '../../../src/runs/surroundings.ts';

export interface OpenSession {
  readonly session: Session;
  readonly server: ScriptedServer;
  readonly choice: RunChoice;
  readonly runsFolder: string;
  /** What went wrong inside. */
  readonly broken: readonly unknown[];
  readonly log: (runId: string) => Promise<string>;
  /** Settles with the next live fact that fits. */
  readonly fact: (
    fits: (event: TrajectoryEvent, trajectory: Trajectory) => boolean,
  ) => Promise<{ readonly event: TrajectoryEvent; readonly trajectory: Trajectory }>;
  readonly close: () => Promise<void>;
}

/** Opens one, on a runs folder of its own or on that of another one; the caller closes it. */
export async function openSession(
  script: readonly Step[],
  choice: RunChoice = {},
  runs?: string,
): Promise<OpenSession> {
  const folder = await mkdtemp(join(tmpdir(), 'mirothinker-session-'));
  const workspace = await mkdtemp(join(folder, 'workspace-'));
  const runsFolder = runs ?? join(folder, 'runs');
  const server = await scriptedServer({ script });
  const broken: unknown[] = [];
  const session = new Session(async (signal) => ({
    roots: [{ name: 'workspace', path: workspace }],
    runsFolder,
    apiKey: undefined,
    signal,
    serverWaitMs: 60_000,
    ...plainSandbox,
    ripgrepPath: undefined,
    web: plainWeb,
    report: (error) => void broken.push(error),
  }));
  session.subscribe({ onBroken: (error) => void broken.push(error) });
  return {
    session,
    server,
    choice: { baseUrl: server.baseUrl, approval: 'auto', answer: 'short', ...choice },
    runsFolder,
    broken,
    log: (runId) => readFile(join(runsFolder, runId, 'events.jsonl'), 'utf8'),
    fact: (fits) =>
      new Promise((resolve) => {
        const stop = session.subscribe({
          onLiveEvent: (event, trajectory) => {
            if (!fits(event, trajectory)) return;
            stop();
            resolve({ event, trajectory });
          },
        });
      }),
    close: async () => {
      await session.dispose();
      await server.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The runs of a session, from its folder. */
export function runsOf({ runsFolder }: OpenSession) {
  return {
    list: () => listRuns(runsFolder),
    facts: async (runId: string) => (await readLog(join(runsFolder, runId))).events,
  };
}
