import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShellOptions } from '../../src/sandbox/shell.ts';
import { makeSandbox, noSignal, type TestSandbox } from './sandbox.ts';

const version = execFileSync('/usr/bin/python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {
  encoding: 'utf8',
}).trim();

/** A Python as pyenv and uv install one below a home: a copy of the system's program, the library linked to. */
async function installBelow(home: string, folder: string): Promise<string> {
  const prefix = join(home, folder);
  await mkdir(join(prefix, 'bin'), { recursive: true });
  await mkdir(join(prefix, 'lib'));
  await cp(await realpath('/usr/bin/python3'), join(prefix, 'bin', `python${version}`));
  await symlink(`python${version}`, join(prefix, 'bin', 'python3'));
  await symlink(`/usr/lib/python${version}`, join(prefix, 'lib', `python${version}`));
  return prefix;
}

describe('the Python of a workspace', function () {
  this.timeout(60_000);
  let test: TestSandbox;
  let home: string;
  let host: NodeJS.ProcessEnv;
  before(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'mirothinker-home-')));
    host = { ...process.env, HOME: home };
    delete host['VIRTUAL_ENV'];
  });
  beforeEach(async () => (test = await makeSandbox({ host })));
  afterEach(() => test.dispose());
  after(() => rm(home, { recursive: true, force: true }));
  const venv = (folder: string, python = '/usr/bin/python3', ...args: readonly string[]) =>
    execFileSync(python, ['-m', 'venv', '--without-pip', ...args, join(test.workspace, folder)], {
      env: { HOME: home },
    });
  const ask = async (code: string, changes: Partial<ShellOptions> = {}) => {
    const shell = await test.another({ host, ...changes });
    const result = await shell.runPython({ code, callId: 'c', unconfined: false }, noSignal);
    assert.equal(result.error, undefined);
    return { said: result.stdout.trim(), words: await shell.python(), shell };
  };
  const prefixes = 'import sys; print(sys.executable, sys.prefix, sys.base_prefix)';

  it('is that of a venv at its root, for commands too', async () => {
    venv('.venv');
    const folder = join(test.workspace, '.venv');
    const { said, words, shell } = await ask(prefixes);
    assert.equal(said, `${folder}/bin/python ${folder} /usr`);
    assert.deepEqual(words, [`Python is ${folder}/bin/python, the workspace’s own environment.`]);
    const command = 'command -v python python3; echo $VIRTUAL_ENV; python3 -c "import sys; print(sys.prefix)"';
    const { output } = await shell.runCommand({ command, callId: 'd', unconfined: false }, noSignal);
    assert.equal(output, `${folder}/bin/python\n${folder}/bin/python3\n${folder}\n${folder}\n`);
  });

  it('imports what is installed in it', async () => {
    venv('venv', '/usr/bin/python3', '--copies');
    const packages = join(test.workspace, `venv/lib/python${version}/site-packages`);
    await writeFile(join(packages, 'only_here.py'), 'where = "in the venv"\n');
    assert.equal((await ask('import only_here; print(only_here.where)')).said, 'in the venv');
  });

  it('brings its base from a home, and nothing else of that', async () => {
    const prefix = await installBelow(home, '.pyenv/versions/3.x');
    await mkdir(join(home, '.ssh'));
    await writeFile(join(home, '.ssh', 'id'), 'secret');
    venv('.venv', join(prefix, 'bin', 'python3'));
    const { said } = await ask(
      `import os, sys; print(sys.base_prefix, os.listdir(${JSON.stringify(home)}), os.listdir(${JSON.stringify(join(home, '.pyenv'))}))`,
    );
    assert.equal(said, `${prefix} ['.pyenv'] ['versions']`);
    const write = `open(${JSON.stringify(join(prefix, 'bin', 'new'))}, "w")`;
    const shell = await test.another({ host });
    const denied = await shell.runPython({ code: write, callId: 'c', unconfined: false }, noSignal);
    assert.match(denied.error ?? '', /OSError: .*Read-only file system/);
    await rm(join(home, '.ssh'), { recursive: true });
  });

  it('brings of its base only what an interpreter needs', async () => {
    const prefix = await installBelow(home, 'pythons/3.x');
    await writeFile(join(prefix, 'notes.txt'), 'mine');
    await mkdir(join(prefix, 'data'));
    await symlink(join(prefix, 'data'), join(prefix, 'lib64'));
    await mkdir(join(home, 'elsewhere'));
    await symlink(join(home, 'elsewhere'), join(prefix, 'include'));
    venv('.venv', join(prefix, 'bin', 'python3'));
    const { said } = await ask(
      `import os; print(sorted(os.listdir(${JSON.stringify(prefix)})), os.path.exists(${JSON.stringify(join(home, 'elsewhere'))}))`,
    );
    assert.doesNotMatch(said, /data|notes\.txt|include/);
    assert.match(said, /^\['bin', 'lib'.* False$/);
    await rm(join(home, 'pythons'), { recursive: true });
    await rm(join(home, 'elsewhere'), { recursive: true });
  });

  for (const work of ['.git', 'pyproject.toml', 'package.json', '.env']) {
    it(`is the system's where its base has a ${work} beside it, of which nothing is shown`, async () => {
      const project = await installBelow(home, 'proj');
      await mkdir(join(project, work));
      await mkdir(join(test.workspace, '.venv/bin'), { recursive: true });
      await symlink(join(project, 'bin/python3'), join(test.workspace, '.venv/bin/python'));
      await writeFile(join(test.workspace, '.venv/pyvenv.cfg'), `home = ${project}/bin\n`);
      const { said, words } = await ask(`import os; print(os.path.exists(${JSON.stringify(project)}))`);
      assert.equal(said, 'False');
      assert.match(words.join(' '), /no installation of Python/);
      await rm(project, { recursive: true });
    });
  }

  it('is the system’s where the Python of its base only leads elsewhere', async () => {
    const project = await installBelow(home, 'proj');
    await rm(join(project, 'bin'), { recursive: true });
    await mkdir(join(project, 'bin'));
    await symlink('/usr/bin/python3', join(project, 'bin/python3'));
    await mkdir(join(test.workspace, '.venv/bin'), { recursive: true });
    await symlink('/usr/bin/python3', join(test.workspace, '.venv/bin/python'));
    await writeFile(join(test.workspace, '.venv/pyvenv.cfg'), `home = ${project}/bin\n`);
    assert.match((await ask('1')).words.join(' '), /no installation of Python/);
    await rm(project, { recursive: true });
  });

  it('brings a base that is named through a link, as uv does', async () => {
    const real = await installBelow(home, '.local/share/uv/python/cpython-3.x.1-linux');
    const link = join(home, '.local/share/uv/python/cpython-3.x-linux');
    await symlink(real, link);
    const folder = join(test.workspace, '.venv');
    await mkdir(join(folder, 'bin'), { recursive: true });
    await mkdir(join(folder, `lib/python${version}/site-packages`), { recursive: true });
    await symlink(join(link, 'bin', 'python3'), join(folder, 'bin', 'python'));
    await writeFile(join(folder, 'pyvenv.cfg'), `home = ${link}/bin\nimplementation = CPython\nuv = 0.5.0\n`);
    assert.equal((await ask('import sys; print(sys.prefix)')).said, folder);
  });

  it('is that of a conda environment', async () => {
    const folder = await installBelow(test.workspace, '.conda');
    await mkdir(join(folder, 'conda-meta'));
    await symlink('python3', join(folder, 'bin', 'python'));
    const { said } = await ask('import os, sys; print(sys.executable, os.environ["CONDA_PREFIX"])');
    assert.equal(said, `${folder}/bin/python ${folder}`);
  });

  it('is the active one under another name', async () => {
    venv('odd name');
    const folder = join(test.workspace, 'odd name');
    assert.equal((await ask('import sys; print(sys.prefix)', { host: { ...host, VIRTUAL_ENV: folder } })).said, folder);
  });

  it('gives way to the setting, which may name one of its environments', async () => {
    venv('.venv');
    venv('other');
    assert.equal((await ask('import sys; print(sys.prefix)', { python: '/usr/bin/python3' })).said, '/usr');
    for (const python of [join(test.workspace, 'other/bin/python'), './other/bin/python']) {
      assert.equal((await ask('import sys; print(sys.prefix)', { python })).said, join(test.workspace, 'other'));
    }
  });

  it('is never run outside of the sandbox', async () => {
    const trap = join(test.runs, 'ran-outside');
    const folder = join(test.workspace, '.venv');
    await mkdir(join(folder, 'bin'), { recursive: true });
    const script = `#!/bin/sh\ntouch ${trap} 2>/dev/null\nexec /usr/bin/python3 "$@"\n`;
    await writeFile(join(folder, 'bin', 'python'), script, { mode: 0o755 });
    await writeFile(join(folder, 'pyvenv.cfg'), 'home = /usr/bin\n');
    for (const python of [undefined, join(folder, 'bin', 'python')]) {
      await ask('print(1)', { python });
      await assert.rejects(readFile(trap), { code: 'ENOENT' });
    }
  });

  for (const [what, settings, reason] of [
    ['a whole home', () => `home = ${home}/bin`, /no installation of Python/],
    ['a folder that is no installation', () => `home = ${home}/.ssh/bin`, /is not there|no installation/],
    ['a place that leads out', () => 'home = /usr/../root/.ssh/bin', /names no base/],
    ['a place that is gone', () => 'home = /nowhere/bin', /is not there/],
    ['nothing', () => 'prompt = x', /names no base/],
  ] as const) {
    it(`is the system's where an environment names ${what} as its base, and says so`, async () => {
      await mkdir(join(test.workspace, '.venv/bin'), { recursive: true });
      await symlink('/usr/bin/python3', join(test.workspace, '.venv/bin/python'));
      await writeFile(join(test.workspace, '.venv/pyvenv.cfg'), `${settings()}\n`);
      const { said, words } = await ask('import os, sys; print(sys.prefix, os.path.exists("/root"))');
      assert.match(said, /^\/usr (?:True|False)$/);
      assert.match(words[0] ?? '', /^Python is the system's/);
      assert.match(words[1] ?? '', reason);
    });
  }

  it('is the system’s where a home itself looks like an installation', async () => {
    const other = await realpath(await mkdtemp(join(tmpdir(), 'mirothinker-home-')));
    try {
      await installBelow(other, '.');
      await mkdir(join(test.workspace, '.venv/bin'), { recursive: true });
      await symlink(join(other, 'bin/python3'), join(test.workspace, '.venv/bin/python'));
      await writeFile(join(test.workspace, '.venv/pyvenv.cfg'), `home = ${other}/bin\n`);
      const { words } = await ask('print(1)', { host: { ...host, HOME: other } });
      assert.match(words.join(' '), /would show what must stay hidden/);
    } finally {
      await rm(other, { recursive: true });
    }
  });

  it('is the system’s where the environment’s program lies elsewhere, or is gone', async () => {
    await mkdir(join(test.workspace, '.venv/bin'), { recursive: true });
    await writeFile(join(test.workspace, '.venv/pyvenv.cfg'), 'home = /usr/bin\n');
    assert.match((await ask('print(1)')).words.join(' '), /its Python is not there/);
    const hidden = join(test.runs, 'python');
    await writeFile(hidden, '#!/bin/sh\n', { mode: 0o755 });
    await symlink(hidden, join(test.workspace, '.venv/bin/python'));
    assert.match((await ask('print(1)')).words.join(' '), /not part of the installation/);
    await rm(join(test.workspace, '.venv'), { recursive: true });
    await symlink(home, join(test.workspace, '.venv'));
    await writeFile(join(home, 'pyvenv.cfg'), 'home = /usr/bin\n');
    assert.match((await ask('print(1)')).words.join(' '), /link that leaves the workspace/);
  });
});
