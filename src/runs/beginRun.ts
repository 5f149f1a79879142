/** The beginning of a new run, once its model and its hands are known. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, messageOf } from '../agent/errors.ts';
import { startFact } from '../agent/start.ts';
import type { FactOf } from '../shared/events.ts';
import type { RunSettings } from '../shared/runSettings.ts';
import { makeFolder, newRunId } from '../store/folders.ts';
import type { Endpoint } from './endpoint.ts';
import type { Hands } from './hands.ts';
import { fitted } from './fitAttachments.ts';
import { live, type AskedQuestion, type LiveRun } from './liveRun.ts';
import type { RunSurroundings } from './surroundings.ts';

/** Where a run comes from that is one of several, or a part of another. */
export type Origin = Pick<FactOf<'run.started'>, 'caller' | 'rollout'>;

/** What a run is begun with. */
export interface Beginning {
  readonly question: AskedQuestion;
  readonly endpoint: Endpoint;
  readonly settings: RunSettings;
  readonly hands: Hands;
  readonly around: RunSurroundings;
  readonly origin: Origin;
  /** What the system prompt says beside. */
  readonly rules?: string;
}

/** Begins a run in a folder of its own. Throws UserError when that cannot be made. */
export async function beginRun({
  question,
  endpoint,
  settings,
  hands,
  around,
  origin,
  rules,
}: Beginning): Promise<LiveRun> {
  const { model, baseUrl, toolFormat } = endpoint;
  const { runId, folder } = await newRunFolder(around.runsFolder);
  const started = startFact({
    runId,
    question: question.text,
    mentions: question.mentions,
    attachments: fitted(question.attachments, settings.contextWindow),
    model: model.name,
    baseUrl,
    toolFormat,
    settings,
    tools: hands.tools,
    roots: around.roots,
    date: new Date().toISOString().slice(0, 10),
  });
  const system = rules === undefined ? started.system : `${started.system}\n\n${rules}`;
  return live({ runId, folder, endpoint, hands, around, facts: [{ ...started, system, ...origin }] });
}

/** Ids that are tried when others have just taken the same. */
const tries = 10;

/** A folder that was not there before, whoever else starts a run in this moment. Throws UserError when it cannot be made. */
export async function newRunFolder(runsFolder: string): Promise<{ readonly runId: string; readonly folder: string }> {
  try {
    await makeFolder(runsFolder);
    for (let left = tries; ; left--) {
      const runId = newRunId(new Date());
      const folder = join(runsFolder, runId);
      const made = await mkdir(folder, { mode: 0o700 }).then(
        () => true,
        (error: unknown) => {
          if (left > 0 && error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
          throw error;
        },
      );
      if (made) return { runId, folder };
    }
  } catch (error) {
    throw new UserError(
      `The runs folder cannot be written (${messageOf(error)}). Choose another with the setting mirothinker.runsFolder or --runs.`,
    );
  }
}
