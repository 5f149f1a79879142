import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ToolError } from '../../src/agent/errors.ts';
import { workspaceTools } from '../../src/tools/index.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { callTool } from '../tools/workspaceFixture.ts';

/** Puts what stands at the second name in the place of the first and takes it away again, without end. */
const swapForEver = `
const { renameSync, rmSync } = require('node:fs');
const [name, other] = process.argv.slice(1);
const kept = name + '.kept';
const moved = (from, to) => { try { renameSync(from, to); return true; } catch { return false; } };
for (;;) {
  moved(name, kept);
  if (moved(other, name)) moved(name, other);
  if (moved(kept, name)) continue;
  rmSync(name, { recursive: true, force: true });
  moved(kept, name);
}`;

interface Race {
  readonly name: string;
  /** What is swapped for what, in the workspace. */
  readonly swapped: readonly [string, string];
  readonly calls: (round: number) => readonly (readonly [tool: string, args: object])[];
}

const inFolder: readonly Race[] = [
  { name: 'reading', swapped: ['sub', 'link'], calls: () => [['read_file', { path: 'sub/f.txt' }]] },
  { name: 'listing', swapped: ['sub', 'link'], calls: () => [['list_files', { path: 'sub', depth: 3 }]] },
  {
    name: 'searching',
    swapped: ['sub', 'link'],
    calls: (round) => [
      ['search_files', { pattern: 'inside|SECR.T', context: 1, path: ['sub', '.', 'sub/f.txt'][round % 3] }],
    ],
  },
  {
    name: 'writing',
    swapped: ['sub', 'link'],
    calls: (round) => [['write_file', { path: `sub/new${round}/x.txt`, content: 'inside' }]],
  },
  {
    name: 'editing',
    swapped: ['sub', 'link'],
    calls: (round) => [['edit_file', { path: 'sub/f.txt', old_text: 'inside', new_text: `inside ${round}` }]],
  },
  {
    name: 'deleting a file',
    swapped: ['sub', 'link'],
    calls: () => [
      ['write_file', { path: 'sub/dir/s.txt', content: 'inside' }],
      ['delete_file', { path: 'sub/dir/s.txt' }],
    ],
  },
  {
    name: 'deleting a folder',
    swapped: ['sub/dir', 'sub/link'],
    calls: () => [
      ['write_file', { path: 'sub/dir/dir/s.txt', content: 'inside' }],
      ['delete_file', { path: 'sub', recursive: true }],
      ['write_file', { path: 'sub/dir/s.txt', content: 'inside' }],
    ],
  },
  {
    name: 'moving into a folder',
    swapped: ['sub', 'link'],
    calls: (round) => [
      ['write_file', { path: 'moving.txt', content: 'inside' }],
      ['move_file', { from: 'moving.txt', to: `sub/m${round}.txt` }],
    ],
  },
  {
    name: 'moving out of a folder',
    swapped: ['sub', 'link'],
    calls: (round) => [
      ['move_file', { from: 'sub/dir', to: `got${round}` }],
      ['move_file', { from: `got${round}`, to: 'sub/dir' }],
    ],
  },
];
const onFile: readonly Race[] = [
  {
    name: 'reading and writing a file that becomes a link',
    swapped: ['sub/f.txt', 'sub/flink'],
    calls: (round) => [
      ['read_file', { path: 'sub/f.txt' }],
      ['write_file', { path: 'sub/f.txt', content: `inside ${round}` }],
    ],
  },
  {
    // A search of it is held by the pipe until its time limit: that is no matter of a race.
    name: 'reading and writing a file that becomes a pipe',
    swapped: ['sub/f.txt', 'sub/pipe'],
    calls: () => [
      ['read_file', { path: 'sub/f.txt' }],
      ['write_file', { path: 'sub/f.txt', content: 'inside' }],
    ],
  },
];

describe('the file tools in a race', () => {
  let parent: string;
  beforeEach(async function () {
    if (process.platform !== 'linux') this.skip();
    parent = await realpath(await mkdtemp(join(tmpdir(), 'mirothinker-race-')));
    for (const folder of ['workspace/sub/dir', 'outside/dir']) await mkdir(join(parent, folder), { recursive: true });
    for (const file of ['f.txt', 'dir/s.txt']) {
      await writeFile(join(parent, 'workspace/sub', file), 'inside\n');
      await writeFile(join(parent, 'outside', file), 'SECRET\n');
    }
    await symlink(join(parent, 'outside'), join(parent, 'workspace/link'));
    await symlink(join(parent, 'outside'), join(parent, 'workspace/sub/link'));
    await symlink(join(parent, 'outside/f.txt'), join(parent, 'workspace/sub/flink'));
    execFileSync('mkfifo', [join(parent, 'workspace/sub/pipe')]);
  });
  afterEach(() => rm(parent, { recursive: true, force: true, maxRetries: 5 }));

  for (const { name, swapped, calls } of [...inFolder, ...onFile]) {
    it(`stay inside and change nothing outside in 200 calls: ${name}`, async () => {
      const folder = join(parent, 'workspace');
      const tools = workspaceTools(await openWorkspace([folder]));
      const swapper = spawn(process.execPath, ['-e', swapForEver, ...swapped], { cwd: folder, stdio: 'ignore' });
      const ended = once(swapper, 'close');
      const outcomes = { done: 0, refused: 0 };
      try {
        for (let round = 0; outcomes.done + outcomes.refused < 200; round++) {
          for (const [toolName, args] of calls(round)) {
            const tool = tools.find((one) => one.name === toolName);
            assert.ok(tool, toolName);
            const result = await callTool(tool, args).catch((error: unknown) => {
              assert.ok(error instanceof ToolError, String(error));
              return error;
            });
            const said = result instanceof ToolError ? result.message : result.content;
            assert.doesNotMatch(said, /SECRET/);
            outcomes[result instanceof ToolError ? 'refused' : 'done']++;
          }
        }
      } finally {
        swapper.kill('SIGKILL');
        await ended;
      }
      assert.ok(outcomes.done > 0, JSON.stringify(outcomes));
      assert.deepEqual((await readdir(join(parent, 'outside'), { recursive: true })).sort(), [
        'dir',
        'dir/s.txt',
        'f.txt',
      ]);
      for (const file of ['f.txt', 'dir/s.txt'])
        assert.equal(await readFile(join(parent, 'outside', file), 'utf8'), 'SECRET\n');
      assert.ok((await lstat(join(parent, 'outside/dir'))).isDirectory());
    });
  }
});
