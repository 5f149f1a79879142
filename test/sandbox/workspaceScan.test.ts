import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toSystem } from '../../src/sandbox/bytePath.ts';
import { WorkspaceScan } from '../../src/sandbox/workspaceScan.ts';

describe('WorkspaceScan', () => {
  let root: string;
  let scan: WorkspaceScan;
  const inside = (...parts: string[]) => join(root, ...parts);
  const found = () => [...scan.scan('waiting').keys()].map((path) => path.slice(root.length + 1)).sort();
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mirothinker-scan-'));
    scan = new WorkspaceScan(root, [inside('runs')]);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('finds what is protected, the topmost of it, and nothing of what is hidden', () => {
    for (const folder of ['a/.git/modules/x/.git', 'a/.vscode', 'b/.cursor', 'runs/.git', 'node_modules/x/.vscode']) {
      mkdirSync(inside(folder), { recursive: true });
    }
    mkdirSync(inside('node_modules/x/.git'));
    for (const file of ['b/.cursor/mcp.json', 'my.code-workspace', 'settings.json']) writeFileSync(inside(file), '');
    const all = ['a/.git', 'a/.vscode', 'b/.cursor/mcp.json', 'my.code-workspace', 'node_modules/x/.git'];
    assert.deepEqual(found(), all);
    assert.deepEqual(found(), all);
  });

  it('sees what comes within the same tick of the clock as the look before', () => {
    for (let round = 0; round < 60; round++) {
      const folder = inside(`folder-${round}`);
      mkdirSync(folder);
      assert.ok(!found().includes(`folder-${round}/.git`));
      writeFileSync(join(folder, '.git'), '');
      assert.ok(found().includes(`folder-${round}/.git`), `round ${round}`);
    }
  });

  it('sees what comes although the times of the folder are set back', () => {
    mkdirSync(inside('sub'));
    const { atime, mtime } = statSync(inside('sub'));
    found();
    mkdirSync(inside('sub/.git'));
    utimesSync(inside('sub'), atime, mtime);
    assert.deepEqual(found(), ['sub/.git']);
  });

  it('sees a folder that took the place of another', () => {
    mkdirSync(inside('sub'));
    mkdirSync(inside('elsewhere/.vscode'), { recursive: true });
    assert.deepEqual(found(), ['elsewhere/.vscode']);
    renameSync(inside('sub'), inside('old'));
    renameSync(inside('elsewhere'), inside('sub'));
    assert.deepEqual(found(), ['sub/.vscode']);
    rmSync(inside('sub'), { recursive: true });
    assert.deepEqual(found(), []);
  });

  it('does not follow links', () => {
    mkdirSync(inside('real/.git'), { recursive: true });
    symlinkSync('real', inside('link'));
    symlinkSync('real', inside('.vscode'));
    symlinkSync('.', inside('real/loop'));
    assert.deepEqual(found(), ['.vscode', 'real/.git']);
    assert.equal(scan.scan('waiting').get(inside('.vscode'))?.link, 'real');
  });

  it('finds what stands below names that are no UTF-8, or hold a newline', () => {
    const bytes = `${root}/caf\xe9\n/in`;
    mkdirSync(toSystem(`${bytes}/.git`), { recursive: true });
    assert.deepEqual(found(), ['caf\xe9\n/in/.git']);
    rmSync(toSystem(`${bytes}/.git`), { recursive: true });
    assert.deepEqual(found(), []);
    writeFileSync(toSystem(`${bytes}/.git`), '');
    assert.deepEqual(found(), ['caf\xe9\n/in/.git']);
  });

  it('takes the HEAD of a folder that git takes for a repository for protected', () => {
    mkdirSync(inside('bare/objects'), { recursive: true });
    mkdirSync(inside('bare/refs'));
    assert.deepEqual(found(), []);
    writeFileSync(inside('bare/HEAD'), 'ref: refs/heads/main\n');
    assert.deepEqual(found(), ['bare/HEAD']);
    mkdirSync(inside('common'));
    writeFileSync(inside('common/HEAD'), '');
    writeFileSync(inside('common/commondir'), '../bare');
    assert.deepEqual(found(), ['bare/HEAD', 'common/HEAD']);
    writeFileSync(inside('HEAD'), 'no repository');
    assert.deepEqual(found(), ['bare/HEAD', 'common/HEAD']);
  });

  it('opens folders that a command closed, and leaves closed what was before', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const nobody = 65534;
    for (const name of ['before', 'after']) mkdirSync(inside(name));
    await promisify(execFile)('chown', ['-R', String(nobody), root]);
    chmodSync(inside('before'), 0);
    const module = JSON.stringify(join(import.meta.dirname, '../../src/sandbox/workspaceScan.ts'));
    const script = `
      import { chmodSync, mkdirSync } from 'node:fs';
      import { WorkspaceScan } from ${module};
      process.setgid(${nobody}); process.setuid(${nobody});
      const scan = new WorkspaceScan(${JSON.stringify(root)}, []);
      const names = (closed) => [...scan.scan(closed).keys()].map((path) => path.slice(${root.length + 1}));
      const told = [names('accepted')];
      mkdirSync(${JSON.stringify(inside('after/closed/.git'))}, { recursive: true });
      chmodSync(${JSON.stringify(inside('after/closed'))}, 0);
      told.push(names('waiting'), names('opened'));
      console.log(JSON.stringify(told));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    assert.deepEqual(JSON.parse(stdout), [[], [], ['after/closed/.git']]);
    assert.equal(statSync(inside('before')).mode & 0o777, 0);
    assert.equal(statSync(inside('after/closed')).mode & 0o700, 0o700);
  });

  it('finds one new name in a workspace of 100,000 files', function () {
    this.timeout(120_000);
    for (let folder = 0; folder < 1000; folder++) {
      mkdirSync(inside(`part-${folder % 20}/folder-${folder}`), { recursive: true });
      for (let file = 0; file < 100; file++)
        writeFileSync(inside(`part-${folder % 20}/folder-${folder}/file-${file}`), '');
    }
    assert.deepEqual(found(), []);
    writeFileSync(inside('part-7/folder-507/.mcp.json'), '{}');
    assert.deepEqual(found(), ['part-7/folder-507/.mcp.json']);
  });
});
