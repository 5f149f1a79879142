/** Runs in the editor under test: settings, a scripted server and logs on disk, made anew for each test. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';

/** What a test of runs has; filled before each test of the surrounding `describe`. */
export interface EditorRuns {
  /** The runs folder. */
  readonly runs: () => string;
  readonly server: () => ScriptedServer;
  /** Stores a setting and waits until the host sees it, which may be a moment later. */
  readonly set: (name: string, value: unknown) => Promise<void>;
  /** Starts a server with this script and makes it the configured one. */
  readonly serve: (script: readonly Step[], approval: string) => Promise<void>;
  /** Serves the script, asks a question, and gives back the run's id. */
  readonly start: (script: readonly Step[], approval: string) => Promise<string>;
  /** The ids of all runs, oldest first. */
  readonly ids: () => Promise<readonly string[]>;
  readonly log: (runId: string) => Promise<string>;
  /** Waits until the log holds this text, and gives it back. */
  readonly logged: (runId: string, text: string) => Promise<string>;
  /** Waits for the end of a run, and gives back its log. */
  readonly ended: (runId: string) => Promise<string>;
}

/** Looks until it is so; fails after ten seconds. */
export async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const giveUpAt = Date.now() + 10_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > giveUpAt) throw new Error(`not within 10 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Sets up and cleans up around each test of the surrounding `describe`. */
export function editorRuns(): EditorRuns {
  let runs = '';
  let server: ScriptedServer | undefined;
  const changed = new Set<string>();
  const set = async (name: string, value: unknown) => {
    changed.add(name);
    const stored = () => vscode.workspace.getConfiguration('mirothinker').inspect(name)?.globalValue;
    await vscode.workspace.getConfiguration('mirothinker').update(name, value, vscode.ConfigurationTarget.Global);
    await until(`${name} is ${String(value)}`, async () => (isDeepStrictEqual(stored(), value) ? true : undefined));
  };
  const ids = async () => (await readdir(runs)).filter((name) => !name.startsWith('.')).toSorted();
  const log = async (runId: string) => readFile(join(runs, runId, 'events.jsonl'), 'utf8');
  const logged = (runId: string, text: string) =>
    until(`the log holds ${text}`, async () => {
      const found = await log(runId);
      return found.includes(text) ? found : undefined;
    });
  const serve = async (script: readonly Step[], approval: string) => {
    server = await scriptedServer({ script });
    await set('baseUrl', server.baseUrl);
    await set('approval', approval);
  };

  beforeEach(async () => {
    runs = await mkdtemp(join(tmpdir(), 'runs-'));
    await set('runsFolder', runs);
  });
  afterEach(async () => {
    for (const runId of await ids()) await vscode.commands.executeCommand('mirothinker.stop', runId);
    await server?.close();
    server = undefined;
    for (const name of changed) await set(name, undefined);
    await rm(runs, { recursive: true, force: true, maxRetries: 5 });
  });

  return {
    runs: () => runs,
    server: () => {
      assert.ok(server, 'a server was started');
      return server;
    },
    set,
    serve,
    start: async (script, approval) => {
      await serve(script, approval);
      await vscode.commands.executeCommand('mirothinker.ask', 'What is noted?');
      const [runId] = await ids();
      assert.ok(runId, 'a run was started');
      return runId;
    },
    ids,
    log,
    logged,
    ended: (runId) => logged(runId, '"type":"run.ended"'),
  };
}
