import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { call, scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { commandLine, eventsOf } from './commandLine.ts';
import { inTerminal } from './terminal.ts';

const run = (command: string): Step => ({
  content: call('tool-python', 'run_command', { command, sandbox_id: 'none' }),
});
const write = (path: string): Step => ({ content: call('workspace', 'write_file', { path, content: 'x\n' }) });
const ending: readonly Step[] = [{ content: 'Known.' }, { content: 'Done.\n\n\\boxed{done}' }];

describe('what a run may do on the command line', () => {
  let line: Awaited<ReturnType<typeof commandLine>>;
  let server: ScriptedServer;

  beforeEach(async () => {
    line = await commandLine({ 'notes.md': 'first\n' });
  });
  afterEach(async () => {
    await server.close();
    await line.remove();
  });

  /** The outcomes of the calls, with what the model was told. */
  const ask = async (script: readonly Step[], ...words: readonly string[]) => {
    server = await scriptedServer({ script: [...script, ...ending] });
    const asked = ['ask', 'Do it', '--base-url', server.baseUrl, '--json', ...words];
    const { code, stdout, stderr } = await line.run(asked);
    const finished = eventsOf(stdout).filter((event) => event.type === 'tool.finished');
    const told = finished.map((event) => String(event['content']));
    return { code, stderr, outcomes: finished.map((event) => event['outcome']), told };
  };

  it('is what rules for commands say, for every command of a line', async () => {
    const rules = ['--allow-command', 'cat', '--ask-command', 'git tag', '--deny-command', 'git push'];
    const calls = [
      run('cat notes.md'),
      run('cat notes.md > copy.md'),
      run('git tag x'),
      run('cat notes.md; git -C . push'),
    ];
    const { outcomes, told, code, stderr } = await ask(calls, '--auto-approve', 'none', ...rules);
    assert.equal(code, 0, stderr);
    assert.deepEqual(outcomes, ['ok', 'denied', 'denied', 'denied']);
    assert.match(told[1] ?? '', /nobody can answer here\. It runs code in the sandbox\. It writes to `copy\.md`/);
    assert.match(told[2] ?? '', /Your rule `git tag` asks first/);
    assert.match(told[3] ?? '', /a rule that the person set denies commands like `git push`/);
  });

  it('is what rules for tools say', async () => {
    const rules = ['--deny-tool', 'run_*', '--ask-tool', 'workspace.write_file'];
    const { outcomes, told } = await ask([run('ls'), write('a.md')], '--auto-approve', 'all', ...rules);
    assert.deepEqual(outcomes, ['denied', 'denied']);
    assert.match(told[0] ?? '', /denies the tool `run_\*`/);
    assert.match(told[1] ?? '', /Your rule `workspace\.write_file` asks first/);
  });

  it('is changing files alone with --auto-approve write, and commands that a rule allows', async () => {
    const words = ['--auto-approve', 'write', '--allow-command', 'echo'];
    const { outcomes } = await ask([write('a.md'), run('ls'), run('echo hello')], ...words);
    assert.deepEqual(outcomes, ['ok', 'denied', 'ok']);
  });

  it('is narrowed by the repository, which is said', async () => {
    const narrowing = { commands: { deny: ['ls'], allow: ['rm'] }, tools: { deny: ['write_file'] } };
    await writeFile(join(line.workspace, '.mirothinker.json'), JSON.stringify(narrowing));
    const { outcomes, told } = await ask([run('ls'), write('a.md')], '--auto-approve', 'all', '--allow-command', 'ls');
    assert.deepEqual(outcomes, ['denied', 'denied']);
    for (const text of told) assert.match(text, /\.mirothinker\.json of this workspace denies/);
    await server.close();
    server = await scriptedServer({ script: ending });
    const { stderr } = await line.run(['ask', 'Do it', '--base-url', server.baseUrl]);
    assert.match(stderr, /the repository narrows this run: denies commands: ls/);
    assert.match(stderr, /`commands\.allow` counts for nothing/);
  });

  it('is nothing at all where the repository narrows in a way that cannot be read', async () => {
    const file = join(line.workspace, '.mirothinker.json');
    for (const [text, problem] of [
      ['{ "commands": ', /JSON/],
      ['{ "comands": {} }', /comands/],
      ['{ "network": "none" }', /network/],
    ] as const) {
      await writeFile(file, text);
      const { code, stderr } = await ask([run('ls')]);
      assert.equal(code, 1);
      assert.ok(stderr.includes(file), stderr);
      assert.match(stderr, problem);
      assert.equal(server.requests.length, 0);
      await server.close();
    }
    server = await scriptedServer({ script: [] });
  });

  it('is narrowed anew when a run goes on', async () => {
    const first = await ask([run('ls')], '--auto-approve', 'all', '--max-turns', '1', '--attempts', '1');
    assert.deepEqual(first.outcomes, ['ok']);
    await server.close();
    server = await scriptedServer({ script: [run('ls'), ...ending] });
    await writeFile(join(line.workspace, '.mirothinker.json'), '{ "commands": { "deny": ["ls"] } }');
    const { stdout } = await line.run(['fork', 'last', '--turn', '0', '--base-url', server.baseUrl, '--json']);
    const [finished] = eventsOf(stdout).filter((event) => event.type === 'tool.finished');
    assert.equal(finished?.['outcome'], 'denied');
  });

  it('is asked in a terminal with the reason, and with what holds for the run', async () => {
    server = await scriptedServer({ script: [run('ls -a'), run('ls'), run('wc notes.md'), ...ending] });
    const words = ['ask', 'Do it', '--auto-approve', 'none', '--base-url', server.baseUrl];
    const terminal = inTerminal(words, { cwd: line.workspace, runs: line.runs });
    await terminal.shown('It runs code in the sandbox.');
    await terminal.shown('Allow once [y], for this run commands that begin with `ls` [r]');
    terminal.type('r');
    await terminal.shown('commands that begin with `wc` [r]');
    terminal.type('count it otherwise');
    assert.equal(await terminal.exitCode, 0, terminal.screen());
  });

  it('takes no list of domains that is none', async () => {
    const { code, stderr } = await ask([], '--network', 'allowlist', '--domain', 'https://example.org/x');
    assert.equal(code, 64);
    assert.match(stderr, /`https:\/\/example\.org\/x` is no domain/);
  });
});
