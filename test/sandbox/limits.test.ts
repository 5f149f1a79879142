import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findHierarchies, makeControlGroup } from '../../src/sandbox/controlGroup.ts';
import { addressSpaceBytes, type Limits } from '../../src/sandbox/limits.ts';
import { limitsProcessesInside } from '../../src/sandbox/startLine.ts';
import { makeSandbox, noSignal, type TestSandbox } from './sandbox.ts';

const GiB = 2 ** 30;

describe('the limits of confined processes', () => {
  let test: TestSandbox;
  before(async () => {
    test = await makeSandbox();
  });
  after(() => test.dispose());

  const limited = async (limits: Limits, command: string) => {
    const shell = await test.another({ limits });
    try {
      return await shell.runCommand({ command, callId: 'limited', unconfined: false }, noSignal);
    } finally {
      await shell.dispose();
    }
  };

  it('bound the address space of a process where no group bounds its memory', async function () {
    const group = await makeControlGroup({ memoryBytes: GiB });
    await group.remove();
    if (group.controls.has('memory')) this.skip();
    const command = `/usr/bin/python3 -c 'bytearray(13 << 30)'; /usr/bin/python3 -c 'print(len(bytearray(1 << 20)))'`;
    const { output } = await limited({ memoryBytes: GiB }, command);
    assert.match(output, /MemoryError/);
    assert.match(output, /^1048576/m);
  });

  it('bound the memory of all together where a group does', async function () {
    const group = await makeControlGroup({ memoryBytes: GiB });
    await group.remove();
    if (!group.controls.has('memory')) this.skip();
    const result = await limited({ memoryBytes: GiB / 8 }, `/usr/bin/python3 -c 'bytearray(1 << 30)'`);
    assert.equal(result.exitCode, 137);
    const many = `for i in 1 2 3 4; do /usr/bin/python3 -c 'import time; x = bytearray(b"x") * (60 << 20); time.sleep(1); print("lives")' & done; wait`;
    const { output } = await limited({ memoryBytes: GiB / 8 }, many);
    assert.match(output, /Killed/);
    assert.ok((output.match(/^lives$/gm) ?? []).length < 3, output);
  });

  it('bound the size of a file', async () => {
    const result = await limited({ fileBytes: 2 ** 20 }, 'head -c 3000000 /dev/zero > big; stat -c %s big');
    assert.match(result.output, /File size limit exceeded/);
    assert.match(result.output, /^1048576$/m);
  });

  it('bound open files', async () => {
    const open = `/usr/bin/python3 -c 'files = [open("/dev/null") for _ in range(100)]'`;
    assert.match((await limited({ openFiles: 50 }, open)).output, /Too many open files/);
    assert.equal((await limited({ openFiles: 200 }, open)).exitCode, 0);
  });

  it('bound processor time', async () => {
    const result = await limited({ cpuSeconds: 1 }, 'bash -c "while :; do :; done"; echo ended with $?');
    assert.match(result.output, /ended with 137/);
  });

  it('bound the number of processes, and leave room again afterwards', async function () {
    const group = await makeControlGroup({ processes: 20 });
    await group.remove();
    if (!group.controls.has('pids') && process.getuid?.() === 0) this.skip();
    const shell = await test.another({ limits: { processes: 20 } });
    const run = (command: string, callId: string) => shell.runCommand({ command, callId, unconfined: false }, noSignal);
    const many = `/usr/bin/python3 -c '
import os, time
count = 0
try:
    while count < 200:
        if os.fork() == 0:
            time.sleep(60)
        count += 1
except OSError as error:
    print(count, error)
'`;
    assert.match((await run(many, 'many')).output, /^1?\d .*Resource temporarily unavailable/);
    assert.equal((await run('echo still', 'still')).output, 'still\n');
    await shell.dispose();
  });

  it('leave no core files, and hold for Python and its children', async () => {
    const shell = await test.another({ limits: { openFiles: 77 } });
    const code = `import subprocess; print(subprocess.run("ulimit -n; ulimit -c", shell=True, capture_output=True, text=True).stdout)`;
    const { stdout } = await shell.runPython({ code, callId: 'python', unconfined: false }, noSignal);
    assert.match(stdout, /^77\n0\n/);
  });

  it('cannot be raised from inside', async () => {
    const { output } = await limited({ openFiles: 64, fileBytes: 1024 }, 'ulimit -n 4096; ulimit -f unlimited');
    assert.match(output, /open files: cannot modify limit/);
    assert.match(output, /file size: cannot modify limit/);
  });

  it('are none where none was chosen', async () => {
    const { output } = await limited({}, 'ulimit -v; ulimit -f; ulimit -t');
    assert.equal(output, 'unlimited\nunlimited\nunlimited\n');
  });
});

describe('addressSpaceBytes', () => {
  it('is never below 8 GiB, and always above the memory', () => {
    assert.ok(addressSpaceBytes(1) >= 8 * GiB);
    assert.ok(addressSpaceBytes(64 * GiB) > 64 * GiB);
  });
});

describe('limitsProcessesInside', () => {
  const group = { controls: new Set([]), members: [] };
  const bounds = { limits: { processes: 5 }, group };

  it('is for ordinary users, of kernels that count a namespace apart', () => {
    assert.equal(limitsProcessesInside(bounds, { user: 1000, kernel: '5.14.0-70.el9' }), true);
    assert.equal(limitsProcessesInside(bounds, { user: 1000, kernel: '6.1.0' }), true);
    assert.equal(limitsProcessesInside(bounds, { user: 1000, kernel: '5.4.0-42-generic' }), false);
    assert.equal(limitsProcessesInside(bounds, { user: 0, kernel: '6.1.0' }), false);
    assert.equal(limitsProcessesInside({ ...bounds, limits: {} }, { user: 1000, kernel: '6.1.0' }), false);
  });
});

describe('makeControlGroup', () => {
  it('makes one that ends with the shell, and removes what a dead process left', async function () {
    const self = await readFile('/proc/self/cgroup', 'utf8');
    const mounts = await readFile('/proc/self/mountinfo', 'utf8');
    const [hierarchy] = await findHierarchies({ groups: self, mounts }, ['pids']);
    const group = await makeControlGroup({ processes: 30 });
    if (!group.controls.has('pids') || !hierarchy) this.skip();
    const ours = async () => (await readdir(hierarchy.parent)).filter((name) => name.startsWith('mirothinker-'));
    const mine = (names: readonly string[]) => names.filter((name) => name.startsWith(`mirothinker-${process.pid}-`));
    assert.equal(mine(await ours()).length, 1);
    await group.remove();
    assert.equal(mine(await ours()).length, 0);
    // Above the highest number that a process can have.
    const left = 'mirothinker-4194305-0a';
    await mkdir(join(hierarchy.parent, left));
    await (await makeControlGroup({ processes: 30 })).remove();
    assert.ok(!(await ours()).includes(left));
  });

  it('makes none where nothing is to be bounded', async () => {
    assert.deepEqual((await makeControlGroup({})).members, []);
  });
});

describe('findHierarchies', () => {
  let top: string;
  before(async () => {
    top = await mkdtemp(join(tmpdir(), 'mirothinker-test-'));
    const app = join(top, 'user.slice/user@1000.service/app.slice');
    await mkdir(join(app, 'code.scope'), { recursive: true });
    await writeFile(join(app, 'cgroup.subtree_control'), 'cpu memory pids\n');
    await writeFile(join(top, 'cgroup.subtree_control'), 'cpuset cpu io memory pids\n');
    await writeFile(join(app, 'code.scope/cgroup.subtree_control'), '\n');
  });
  after(() => rm(top, { recursive: true }));

  it('takes the nearest folder that hands the controllers on, in version 2', async () => {
    const found = await findHierarchies(
      {
        groups: '0::/user.slice/user@1000.service/app.slice/code.scope\n',
        mounts: `29 22 0:26 / ${top} rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n`,
      },
      ['memory', 'pids'],
    );
    assert.deepEqual(
      found.map(({ parent }) => parent),
      [join(top, 'user.slice/user@1000.service/app.slice'), top],
    );
  });

  it('takes the group that this process is in, in version 1', async () => {
    const mounts = ['memory', 'pids'].map((name) => `30 22 0:27 / /g/${name} rw - cgroup cgroup rw,${name}`).join('\n');
    const found = await findHierarchies({ groups: '8:pids:/\n4:memory:/some/group\n', mounts }, ['memory', 'pids']);
    assert.deepEqual(found, [
      { version: 1, controllers: ['pids'], parent: '/g/pids' },
      { version: 1, controllers: ['memory'], parent: '/g/memory/some/group' },
    ]);
  });
});
