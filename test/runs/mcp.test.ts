import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mcpSurroundings, type McpOptions } from '../../src/cli/mcpOptions.ts';
import { makeHands } from '../../src/runs/hands.ts';
import { defaultSettings } from '../../src/runs/choice.ts';
import { followUp } from '../../src/runs/resumeRun.ts';
import { startRun } from '../../src/runs/startRun.ts';
import type { RunSurroundings } from '../../src/runs/surroundings.ts';
import { ownServers, ownTools } from '../../src/tools/mcp/names.ts';
import { call, type Reply } from '../fakes/scriptedServer.ts';
import { isAlive, oddServer } from '../tools/mcp/mcpPlace.ts';
import { runPlace, type Asked } from './runPlace.ts';

const answer = { content: 'Known.\n\n\\boxed{done}' };

describe('a run with MCP servers', () => {
  let place: Awaited<ReturnType<typeof runPlace>>;
  let replies: readonly Reply[] = [];
  let log = '';
  const next = ({ messages }: Asked) => replies[(messages - 2) / 2] ?? answer;

  beforeEach(async () => {
    place = await runPlace(next);
    await mkdir(join(place.workspace, '.vscode'));
    log = join(place.workspace, '..', 'odd.log');
  });
  afterEach(() => place.dispose());

  const options: McpOptions = { files: [], trusted: [], off: [], readOnly: [], startSeconds: 20 };
  const configuration = (...faults: readonly string[]) =>
    JSON.stringify({
      servers: { odd: { command: process.execPath, args: [oddServer, ...faults], env: { ODD_LOG: log } } },
    });
  const file = () => join(place.workspace, '.vscode/mcp.json');
  const around = (chosen: Partial<McpOptions>): RunSurroundings => {
    const env = { ...process.env, XDG_DATA_HOME: join(place.workspace, '..', 'data') };
    return { ...place.around, mcp: mcpSurroundings(place.workspace, { ...options, ...chosen }, env, undefined) };
  };
  const ask = async (surroundings: RunSurroundings, choice = place.choice) => {
    const run = await startRun({ text: 'What does it say?', mentions: [] }, choice, surroundings);
    await run.done;
    const finished = run.events().filter((event) => event.type === 'tool.finished');
    return { run, finished };
  };
  const started = async () =>
    (await readFile(log, 'utf8').catch(() => '')).split('\n').flatMap((line) => /^start (\d+)/.exec(line)?.[1] ?? []);

  it('calls their tools, cuts what they answer, and ends them with itself', async () => {
    await writeFile(file(), configuration());
    replies = [{ content: call('odd', 'large', {}) }, { content: call('odd', 'echo', { words: 'hello' }) }];
    const chosen = {
      ...place.choice,
      envelope: { tools: { allow: ['odd.*'], ask: [], deny: [] }, commands: { allow: [], ask: [], deny: [] } },
    };
    const { run, finished } = await ask(around({ trusted: ['odd'] }), chosen);
    assert.deepEqual(
      finished.map(({ outcome }) => outcome),
      ['ok', 'ok'],
    );
    const [large] = finished;
    assert.ok(large?.truncated && large.blob);
    assert.ok(large.content.length < 101_000 && large.blob.sizeBytes > 4_800_000);
    assert.match(finished[1]?.content ?? '', /^<foreign .*\nhello\n/);
    assert.ok(run.trajectory().tools.some(({ server, name }) => server === 'odd' && name === 'echo'));
    const pids = await started();
    assert.equal(pids.length, 1);
    assert.ok(!isAlive(Number(pids[0])));
  });

  it('asks before each call, however the tool is called and whatever the sandbox may do', async () => {
    await writeFile(file(), configuration());
    replies = [{ content: call('odd', 'echo', {}) }, { content: call('odd', 'odd_run_command', { command: 'ls' }) }];
    const rules = { allow: ['echo', '*_run_command'], ask: [], deny: [] };
    const commands = { allow: ['ls'], ask: [], deny: [] };
    const chosen = { ...place.choice, approval: 'sandbox', envelope: { tools: rules, commands } } as const;
    const asked: string[] = [];
    const { finished } = await ask(
      {
        ...around({ trusted: ['odd'] }),
        ask: (_, { reason }) => {
          asked.push(reason);
          return Promise.resolve({ decision: 'deny' });
        },
      },
      chosen,
    );
    assert.deepEqual(
      finished.map(({ outcome }) => outcome),
      ['denied', 'denied'],
    );
    assert.equal(asked.length, 2);
    assert.match(asked[0] ?? '', /The MCP server odd does it, outside the sandbox/);
  });

  it('cannot add a server and have it started', async () => {
    const text = configuration();
    replies = [
      { content: call('workspace', 'write_file', { path: '.vscode/mcp.json', content: text }) },
      {
        content: call('tool-python', 'run_command', {
          command: `printf '%s' '${text}' > .vscode/mcp.json; mkdir -p x && mv .vscode x/`,
          sandbox_id: 'none',
        }),
      },
    ];
    const { run } = await ask(around({}));
    assert.equal(existsSync(file()), false);
    replies = [];
    await ask(around({}));
    // Even a person's own write starts nothing that is not trusted.
    await writeFile(file(), text);
    const { run: later } = await ask(around({}));
    assert.ok(!later.trajectory().tools.some(({ server }) => server === 'odd'));
    assert.deepEqual(await started(), []);
    assert.equal(run.trajectory().state.kind, 'ended');
  });

  it('connects anew when it is asked on, and the model is told of other tools', async () => {
    await writeFile(file(), configuration());
    replies = [{ content: call('odd', 'echo', {}) }];
    const { run } = await ask(around({ trusted: ['odd'], readOnly: ['odd.echo'] }));
    assert.equal(run.trajectory().state.kind, 'ended');
    replies = [];
    const resumed = await followUp(run.runId, { text: 'And now?', mentions: [] }, {}, around({ off: ['odd.die'] }));
    const end = await resumed.done;
    assert.ok(end.tools.some(({ server, name }) => server === 'odd' && name === 'echo'));
    assert.ok(!end.tools.some(({ name }) => name === 'die'));
    assert.equal((await started()).length, 2);
  });

  it('leaves no server behind when its process is killed', async () => {
    await writeFile(file(), configuration());
    const program = `
      import { startProcess } from ${JSON.stringify(join(import.meta.dirname, '../../src/tools/mcp/serverProcess.ts'))};
      const env = { ...process.env, ODD_LOG: ${JSON.stringify(log)} };
      const started = await startProcess({ command: process.execPath, args: [${JSON.stringify(oddServer)}], env, cwd: '/' }, () => console.log('ready'));
      await started.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }) + '\\n');
      setInterval(() => undefined, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const [pid] = await started();
    assert.ok(isAlive(Number(pid)));
    // The server holds nothing of its holder's but the pipes: their end is what it sees.
    holder.kill('SIGKILL');
    while (isAlive(Number(pid))) await new Promise((resolve) => setImmediate(resolve));
    assert.match(await readFile(log, 'utf8'), /stdin closed/);
  });

  it('has no name that a foreign server or tool could take', async () => {
    const hands = await makeHands({ ...defaultSettings, workspace: 'read-write' }, place.around);
    try {
      for (const { server, name } of hands.tools) {
        assert.ok(ownServers.has(server), `${server} is missing among the names of our servers`);
        assert.ok(ownTools.has(name), `${name} is missing among the names of our tools`);
      }
    } finally {
      await hands.dispose();
    }
  });
});
