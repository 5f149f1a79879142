import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { call, scriptedServer, type ScriptedServer, type Step } from '../fakes/scriptedServer.ts';
import { commandLine, run } from './commandLine.ts';
import { inTerminal } from './terminal.ts';

const write = (path: string, content: string): Step => ({
  content: call('workspace', 'write_file', { path, content }),
});
const script: readonly Step[] = [
  write('a.md', 'one\n'),
  write('notes.md', 'The port is 8081.\n'),
  write('a.md', 'one\ntwo\n'),
  { content: 'I know it.' },
  { content: 'It is so.\n\n\\boxed{so}' },
];

describe('mirothinker changes and restore', function () {
  this.timeout(60_000);
  let line: Awaited<ReturnType<typeof commandLine>>;
  let server: ScriptedServer;
  const file = async (path: string) => readFile(join(line.workspace, path), 'utf8').catch(() => undefined);

  beforeEach(async () => {
    line = await commandLine({ 'notes.md': 'The port is 8080.\n', 'mine.md': 'mine\n' });
    server = await scriptedServer({ script });
    const words = ['ask', 'Write it.', '--auto-approve', 'all', '--base-url', server.baseUrl];
    const { code, stderr } = await line.run(words);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /1 file changed \+1 −0: a\.md/);
  });
  afterEach(async () => {
    await server.close();
    await line.remove();
  });

  it('lists what the run changed, one turn of it, as JSON, and as a diff', async () => {
    await writeFile(join(line.workspace, 'mine.md'), 'mine, too\n');
    const all = await line.run(['changes', 'last']);
    assert.deepEqual(
      [all.code, all.stdout],
      [0, 'A  +2 −0         a.md\nM  +1 −1         notes.md\n2 files changed +3 −1\n'],
    );
    assert.equal(
      (await line.run(['changes', 'last', '--turn', '3'])).stdout,
      'M  +1 −0         a.md\n1 file changed +1 −0\n',
    );
    const json: unknown = JSON.parse((await line.run(['changes', 'last', '--json'])).stdout);
    assert.partialDeepStrictEqual(json, {
      to: 'now',
      files: [{ path: 'a.md', change: 'added' }, { path: 'notes.md' }],
    });
    const diff = (await line.run(['changes', 'last', '--diff'])).stdout;
    assert.equal(
      diff,
      '--- /dev/null\n+++ b/a.md\n@@ -0,0 +1,2 @@\n+one\n+two\n--- a/notes.md\n+++ b/notes.md\n@@ -1,1 +1,1 @@\n-The port is 8080.\n+The port is 8081.\n',
    );
    const turn = await line.run(['show', 'last', '--turn', '2']);
    assert.match(turn.stdout, /── Changed files\nmodified notes\.md \+1 −1\n/);
    const none = await line.run(['changes', 'last', '--turn', '4']);
    assert.deepEqual([none.code, /Turn 4 of run \S+ changed no files/.test(none.stderr)], [1, true]);
  });

  it('puts files back to a turn, a single one, and to before the run; what else changed stays', async () => {
    await writeFile(join(line.workspace, 'mine.md'), 'mine, too\n');
    const turn = await line.run(['restore', 'last', '--turn', '1', './a.md', '--yes']);
    assert.deepEqual(
      [turn.code, turn.stderr],
      [0, '  change back  a.md\n1 file put back as they were after turn 1.\n'],
    );
    assert.deepEqual([await file('a.md'), await file('notes.md')], ['one\n', 'The port is 8081.\n']);
    const start = await line.run(['restore', 'last', '--start', '--yes', '--json']);
    assert.equal(start.code, 0, start.stderr);
    assert.partialDeepStrictEqual(JSON.parse(start.stdout), {
      kind: 'restore',
      files: [{ path: 'a.md' }, { path: 'notes.md' }],
    });
    assert.deepEqual(
      [await file('a.md'), await file('notes.md'), await file('mine.md')],
      [undefined, 'The port is 8080.\n', 'mine, too\n'],
    );
    const again = await line.run(['restore', 'last', '--start', '--yes']);
    assert.deepEqual([again.code, again.stderr], [0, 'The files are as they were before the first turn already.\n']);
    assert.equal((await line.run(['changes', 'last'])).stdout, 'The files are as they were before this run.\n');
    const [run] = (await line.run(['runs'])).stdout.split('\n');
    assert.match(run ?? '', /answered/);
    assert.match((await line.run(['show', 'last'])).stdout, /2 files put back as they were before the first turn/);
  });

  it('names what a person wrote since the run ended, and gives it back', async () => {
    const nothing = await line.run(['restore', 'last', '--undo', '--yes']);
    assert.deepEqual([nothing.code, /No files of run \S+ were put back/.test(nothing.stderr)], [1, true]);
    await writeFile(join(line.workspace, 'a.md'), 'hours of work\n');
    const start = await line.run(['restore', 'last', '--start', '--yes']);
    assert.match(start.stderr, /\n {2}changed by you as well {2}a\.md\n/);
    assert.doesNotMatch(start.stderr, /changed by you as well {2}notes\.md/);
    assert.equal(await file('a.md'), undefined);
    const undo = await line.run(['restore', 'last', '--undo', '--yes']);
    assert.deepEqual(
      [undo.code, undo.stderr],
      [0, '  bring back   a.md\n  change back  notes.md\n2 files put back as they were before you put files back.\n'],
    );
    assert.deepEqual([await file('a.md'), await file('notes.md')], ['hours of work\n', 'The port is 8081.\n']);
    assert.equal((await line.run(['restore', 'last', '--undo', '--yes', 'a.md'])).code, 0);
    assert.deepEqual([await file('a.md'), await file('notes.md')], [undefined, 'The port is 8081.\n']);
  });

  it('asks at a terminal, and takes no for an answer', async () => {
    const no = inTerminal(['restore', 'last', '--start'], { cwd: line.workspace, runs: line.runs });
    await no.shown('Put 2 files back as they were before the first turn? [y/N]: ');
    no.type('n');
    assert.equal(await no.exitCode, 1);
    assert.equal(await file('a.md'), 'one\ntwo\n');
    const yes = inTerminal(['restore', 'last', '--start'], { cwd: line.workspace, runs: line.runs });
    await yes.shown('[y/N]: ');
    yes.type('y');
    assert.equal(await yes.exitCode, 0);
    assert.equal(await file('a.md'), undefined);
  });

  it('says what is wrong with the words, and touches nothing then', async () => {
    const wrong = async (...words: readonly string[]) => {
      const { code, stderr } = await line.run(['restore', 'last', ...words]);
      return [code, stderr.split('\n')[0]?.replace('mirothinker: ', '')];
    };
    assert.deepEqual(await wrong('--yes'), [64, 'restore takes one of --turn N, --start and --undo.']);
    assert.deepEqual(await wrong('--yes', '--start', '--turn', '1'), [
      64,
      'restore takes one of --turn N, --start and --undo.',
    ]);
    const [code, words] = await wrong('--start', '--yes', 'mine.md');
    assert.deepEqual([code, /^mine\.md is not among the files/.test(String(words))], [1, true]);
    const { code: unasked, stderr } = await line.run(['restore', 'last', '--start']);
    assert.deepEqual([unasked, /Nobody can be asked here: add --yes/.test(stderr)], [64, true]);
    assert.equal(await file('a.md'), 'one\ntwo\n');
  });

  it('is refused in another workspace', async () => {
    const elsewhere = await commandLine({});
    const words = ['restore', 'last', '--start', '--yes', '--runs', line.runs];
    const { code, stderr } = await elsewhere.run(words);
    await elsewhere.remove();
    assert.deepEqual([code, /which is not this workspace/.test(stderr)], [1, true]);
    assert.equal(await file('a.md'), 'one\ntwo\n');
  });

  it('begins a fork with the files of its turn', async () => {
    const again = await scriptedServer({ script: script.slice(3) });
    const words = ['fork', 'last', '--turn', '1', '--restore-files', '--base-url', again.baseUrl];
    const unasked = await line.run(words);
    assert.deepEqual([unasked.code, /Nobody can be asked here: add --yes/.test(unasked.stderr)], [64, true]);
    const no = inTerminal(words, { cwd: line.workspace, runs: line.runs });
    await no.shown('change back  notes.md');
    await no.shown('Put 2 files back as they were after turn 1? [y/N]: ');
    no.type('n');
    assert.equal(await no.exitCode, 1);
    assert.deepEqual(
      [await file('a.md'), (await line.run(['runs'])).stdout.trim().split('\n').length],
      ['one\ntwo\n', 1],
    );
    const { code, stderr } = await line.run([...words, '--yes']);
    await again.close();
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^ {2}change back {2}a\.md\n {2}change back {2}notes\.md\n/);
    assert.match(again.requests[0]?.text ?? '', /I put 2 files of the workspace back as they were after turn 1/);
    assert.deepEqual([await file('a.md'), await file('notes.md')], ['one\n', 'The port is 8080.\n']);
  });
});

describe('mirothinker changes and restore, of files that are', function () {
  this.timeout(60_000);
  let line: Awaited<ReturnType<typeof commandLine>>;
  const changed = async (files: Readonly<Record<string, string>>, ...steps: readonly Step[]) => {
    line = await commandLine(files);
    const server = await scriptedServer({ script: [...steps, ...script.slice(3)] });
    const words = ['ask', 'Write it.', '--auto-approve', 'all', '--base-url', server.baseUrl];
    const { code, stderr } = await line.run(words);
    await server.close();
    assert.equal(code, 0, stderr);
    return stderr;
  };
  afterEach(async () => line.remove());

  it('ignored: says that they stay as they are', async () => {
    await changed({ '.gitignore': '.env\n', '.env': 'KEY=1\n' }, write('a.md', 'a\n'), write('.env', 'KEY=2\n'));
    const start = await line.run(['restore', 'last', '--start', '--yes']);
    assert.match(start.stderr, /^ {2}delete {7}a\.md\n {2}not kept, stays as it is: \.env \(.+\)\n1 file put back/);
    const again = await line.run(['restore', 'last', '--start', '--yes']);
    assert.match(again.stderr, /not kept, stays as it is: \.env \(.+\)\nThe files are as they were before the first/);
  });

  it('named to deceive: shows what their names hold, and git applies the difference', async () => {
    const names = [
      '\u{1b}[2K\u{1b}[1Ax',
      'two\nlines',
      'tab\tbed',
      'a\u{202e}dm.exe',
      'with "quotes" \\ and spaces',
      'a b',
    ];
    const python = names.map((name) => `open(${JSON.stringify(name)}, 'w').write('new\\n')`).join('\n');
    const stderr = await changed(
      {},
      {
        content: call('tool-python', 'run_command', { command: `python3 - <<'PY'\n${python}\nPY`, sandbox_id: 'none' }),
      },
    );
    const list = await line.run(['changes', 'last']);
    const diff = (await line.run(['changes', 'last', '--diff'])).stdout;
    const restore = await line.run(['restore', 'last', '--start', '--yes']);
    for (const text of [stderr, list.stdout, diff, restore.stderr]) assert.doesNotMatch(text, /\u{1b}|\u{202e}/u);
    for (const text of [list.stdout, restore.stderr]) {
      assert.match(text, / {2}‹U\+001B›\[2K‹U\+001B›\[1Ax\n/);
      assert.match(text, / {2}two‹U\+000A›lines\n/);
    }
    assert.equal(await file(names[0] ?? ''), undefined);
    await writeFile(join(line.folder, 'patch'), diff);
    assert.equal((await run('git', ['apply', '../patch'], line.workspace)).code, 0);
    for (const name of names) assert.equal(await file(name), 'new\n', JSON.stringify(name));
  });

  const file = async (path: string) => readFile(join(line.workspace, path), 'utf8').catch(() => undefined);
});
