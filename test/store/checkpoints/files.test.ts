/** Files as commands leave them: odd names, odd kinds, too large, unreadable, and paths that lead outside. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, readFile, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { isProtected } from '../../../src/agent/protectedPaths.ts';
import { isKeptOut } from '../../../src/store/checkpoints/keptOut.ts';
import { byteName, shownName } from '../../../src/store/checkpoints/names.ts';
import { keptWorkspace, lines, made, runId, type KeptWorkspace } from './fixture.ts';

const never = new AbortController().signal;
const baseline = { runId, number: 0 };

describe('names of files', () => {
  it('are shown as text and found again, whatever bytes they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), fc.string({ unit: 'binary', maxLength: 6 }), (bytes, text) => {
        for (const buffer of [Buffer.from(bytes), Buffer.from(text), Buffer.concat([Buffer.from(text), bytes])]) {
          const name = buffer.toString('latin1');
          const shown = shownName(name);
          assert.equal(byteName(shown), name);
          assert.ok(shown.isWellFormed());
        }
      }),
    );
  });

  it('are kept out exactly when they are protected', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '.git',
        '.GIT',
        'git~1',
        '.vscode',
        'MCP.json',
        '.mcp.json ',
        'a.code-workspace',
        '.claude',
        '.zed',
      ),
      fc.constantFrom(
        'settings.json',
        'config.toml',
        '.codex',
        '.gemini',
        '.g\u200dit',
        'ｍcp.json',
        'devcontainer.json',
      ),
      fc.string({ minLength: 1, maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (path) => {
        const text = path.join('/').toWellFormed();
        assert.equal(isKeptOut(byteName(text)), isProtected(text));
      }),
    );
  });
});

describe('checkpoints of files', () => {
  let workspace: KeptWorkspace;
  beforeEach(async () => {
    workspace = await keptWorkspace({ 'a.txt': 'one\n', 'src/b.ts': 'b\n' });
  });
  afterEach(() => workspace.remove());

  const names = [
    'with blank',
    'quo"te\'s',
    'new\nline',
    'tab\there',
    '🙂 émoji',
    ':(top)magic',
    '*?[x]',
    '-rf',
    'back\\slash',
    '#x',
    '!y',
  ];
  const raw = Buffer.from([0x66, 0xff, 0xfe, 0x2e, 0x74]);

  it('take every name', async () => {
    const { path, open, call, write, reader } = workspace;
    const place = Buffer.concat([Buffer.from(`${path}/`), raw]);
    const checkpoints = open();
    const change = async () => {
      await write(
        Object.fromEntries(
          names.flatMap((name) => [
            [name, 'x\n'],
            [`in ${name}/${name}`, 'y\n'],
          ]),
        ),
      );
      await writeFile(place, 'raw\n');
    };
    const fact = made(await call(checkpoints, change));
    const shown = shownName(raw.toString('latin1'));
    const expected = [...names.flatMap((name) => [name, `in ${name}/${name}`]), shown];
    assert.deepEqual(fact.files.map((file) => file.path).toSorted(), expected.toSorted());
    for (const name of expected) {
      const bytes = await reader.contents({ runId, number: 1 }, name);
      assert.ok(bytes && bytes.length <= 4, name);
    }
    const known = await call(checkpoints, () => write(Object.fromEntries(names.map((name) => [name, '2\n']))), names);
    assert.deepEqual(
      made(known)
        .files.map((file) => file.path)
        .toSorted(),
      names.toSorted(),
    );
    await checkpoints.restore({ to: { runId, number: 1 }, only: [names[2] ?? '', shown], turn: 2 }, never);
    assert.equal(await workspace.read(names[2] ?? ''), 'x\n');
    assert.equal(await workspace.read(names[0] ?? ''), '2\n');
    await checkpoints.restore({ to: baseline, turn: 3 }, never);
    assert.deepEqual((await readdir(path)).toSorted(), ['a.txt', 'src']);
    await checkpoints.restore({ to: { runId, number: 1 }, turn: 4 }, never);
    assert.equal(await readFile(place, 'utf8'), 'raw\n');
  });

  it('leave pipes, sockets and what is too large or unreadable, and say so', async () => {
    const { path, open, call, write } = workspace;
    const server = createServer();
    const checkpoints = open({ limits: { maxFileBytes: 1_000, maxBytes: 1_500 } });
    const fact = await call(checkpoints, async () => {
      execFileSync('mkfifo', [join(path, 'pipe')]);
      await new Promise<void>((resolve) => server.listen(join(path, 'socket'), resolve));
      await write({ 'large.bin': 'x'.repeat(1_001), 'a.txt': 'x'.repeat(900), 'b.txt': 'x'.repeat(800), 'c.txt': 'x' });
    });
    server.close();
    assert.deepEqual(lines(fact), ['added b.txt +1 -0', 'added c.txt +1 -0']);
    assert.deepEqual(made(fact).skipped, [
      { path: 'large.bin', reason: 'it is larger than 1 kB (mirothinker.checkpoints.maxFileMB)' },
      { path: 'a.txt', reason: 'one checkpoint adds at most 1.5 kB (mirothinker.checkpoints.maxMB)' },
    ]);
    // What was too much at once is not the next call's doing.
    const next = await call(checkpoints, () => write({ 'c.txt': 'y' }));
    assert.deepEqual(lines(next), ['modified c.txt +1 -1']);
    assert.deepEqual(made(next).skipped, []);
    const pipe = await call(checkpoints, () => write({ 'd.txt': 'd' }), ['pipe', 'd.txt']);
    assert.deepEqual(made(pipe).skipped, [{ path: 'pipe', reason: 'it is no file but a pipe, a socket or a device' }]);
  });

  it('put read-only files back, and files of folders that were removed', async () => {
    const { path, open, call, write, read } = workspace;
    await chmod(join(path, 'a.txt'), 0o444);
    const checkpoints = open();
    await call(checkpoints, async () => {
      await chmod(join(path, 'a.txt'), 0o644);
      await write({ 'a.txt': 'two\n' });
      await chmod(join(path, 'a.txt'), 0o444);
      await rm(join(path, 'src'), { recursive: true });
    });
    const fact = made(await checkpoints.restore({ to: baseline, turn: 1 }, never));
    assert.deepEqual(fact.skipped, []);
    assert.equal(await read('a.txt'), 'one\n');
    assert.equal((await lstat(join(path, 'a.txt'))).mode & 0o777, 0o444);
    assert.equal(await read('src/b.ts'), 'b\n');
  });

  it('write and delete nothing outside, where a folder became a link', async () => {
    const { path, open, call, read, reader } = workspace;
    const outside = join(path, '..', 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'b.ts'), 'not yours\n');
    const checkpoints = open();
    const replace = async () => {
      await rename(join(path, 'src'), join(path, 'moved'));
      await symlink(outside, join(path, 'src'));
    };
    const fact = await call(checkpoints, replace);
    assert.deepEqual(
      lines(fact).map((line) => line.split(' +')[0]),
      ['added moved/b.ts', 'added src', 'deleted src/b.ts'],
    );
    assert.equal(new TextDecoder().decode(await reader.contents({ runId, number: 1 }, 'src')), outside);
    await checkpoints.restore({ to: baseline, turn: 1 }, never);
    assert.equal(await readFile(join(outside, 'b.ts'), 'utf8'), 'not yours\n');
    assert.deepEqual(await readdir(outside), ['b.ts']);
    assert.equal(await read('src/b.ts'), 'b\n');
    assert.equal((await lstat(join(path, 'src'))).isDirectory(), true);
    await checkpoints.restore({ to: { runId, number: 1 }, turn: 1 }, never);
    assert.deepEqual(await readdir(outside), ['b.ts']);
    assert.equal(await readFile(join(outside, 'b.ts'), 'utf8'), 'not yours\n');
  });

  it('do not follow a link that is ignored in the place of a folder', async () => {
    const { path, open, call, write } = workspace;
    const outside = join(path, '..', 'outside');
    await mkdir(outside);
    const checkpoints = open();
    await call(checkpoints, async () => {
      await rm(join(path, 'src'), { recursive: true });
      await symlink(outside, join(path, 'src'));
      await write({ '.gitignore': '/src\n' });
    });
    const fact = made(await checkpoints.restore({ to: baseline, only: ['src/b.ts'], turn: 1 }, never));
    assert.deepEqual(fact.skipped, [
      { path: 'src/b.ts', reason: 'what was a folder above it is a link or a file now' },
    ]);
    assert.deepEqual(await readdir(outside), []);
  });

  it('lose nothing that a person has there: it is kept before it is replaced', async () => {
    const { path, open, call, write, read } = workspace;
    const checkpoints = open({ limits: { maxFileBytes: 1_000, maxBytes: 10_000 } });
    await call(checkpoints, () => write({ 'a.txt': undefined, 'src/b.ts': 'two\n' }));
    await write({ '.gitignore': 'a.txt\n', 'a.txt': 'of the person, and ignored\n', 'src/b.ts': 'x'.repeat(2_000) });
    const fact = made(await checkpoints.restore({ to: baseline, turn: 1 }, never));
    assert.equal(await read('a.txt'), 'one\n');
    assert.equal(await read('src/b.ts'), 'x'.repeat(2_000));
    assert.deepEqual(
      fact.skipped.map((file) => file.path),
      ['src/b.ts'],
    );
    const persons = made(workspace.facts.at(-2));
    assert.equal(persons.kind, 'person');
    const kept = await workspace.reader.contents(persons.checkpoint, 'a.txt');
    assert.equal(new TextDecoder().decode(kept), 'of the person, and ignored\n');
    assert.equal(await read('.gitignore'), undefined);
    assert.deepEqual((await readdir(path)).toSorted(), ['a.txt', 'src']);
  });

  it('never take away what was there but too large to be held', async () => {
    const { open, call, write, read } = workspace;
    await write({ 'large.bin': 'x'.repeat(5_000) });
    const checkpoints = open({ limits: { maxFileBytes: 1_000, maxBytes: 10_000 } });
    const fact = await call(checkpoints, () => write({ 'large.bin': 'small now' }));
    assert.deepEqual(lines(fact), ['modified large.bin']);
    const back = made(await checkpoints.restore({ to: baseline, turn: 1 }, never));
    assert.equal(await read('large.bin'), 'small now');
    assert.deepEqual(
      back.skipped.map((file) => file.path),
      ['large.bin'],
    );
  });

  it('exchange files and folders', async () => {
    const { path, open, call, write, read } = workspace;
    const checkpoints = open();
    await call(checkpoints, () => write({ 'a.txt': undefined, 'src/b.ts': undefined }));
    await call(checkpoints, async () => {
      await write({ 'a.txt/inside.txt': 'i\n' });
      await rm(join(path, 'src'), { recursive: true });
      await write({ src: 'a file\n' });
    }, ['a.txt', 'src']);
    await checkpoints.restore({ to: baseline, turn: 2 }, never);
    assert.deepEqual([await read('a.txt'), await read('src/b.ts')], ['one\n', 'b\n']);
    await checkpoints.restore({ to: { runId, number: 2 }, turn: 2 }, never);
    assert.deepEqual([await read('a.txt/inside.txt'), await read('src')], ['i\n', 'a file\n']);
  });

  it('follow a folder that was moved as one', async () => {
    const { path, open, call } = workspace;
    const checkpoints = open();
    const fact = await call(checkpoints, () => rename(join(path, 'src'), join(path, 'lib')), ['src', 'lib']);
    assert.deepEqual(lines(fact), ['added lib/b.ts +1 -0', 'deleted src/b.ts +0 -1']);
  });

  it('see a change in the same moment and of the same size', async () => {
    const { open, call, write } = workspace;
    const checkpoints = open();
    for (const text of ['two\n', 'six\n', 'ten\n']) {
      const fact = await call(checkpoints, () => write({ 'a.txt': text }));
      assert.deepEqual(lines(fact), ['modified a.txt +1 -1']);
    }
  });
});
