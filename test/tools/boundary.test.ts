import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { ToolError } from '../../src/agent/errors.ts';
import { listFilesTool } from '../../src/tools/listFiles.ts';
import { readFileTool } from '../../src/tools/readFile.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { writeFileTool } from '../../src/tools/writeFile.ts';
import { callTool, temporaryFolder } from './workspaceFixture.ts';

/** Puts the link in the folder's place and takes it away again; a folder that the tools made meanwhile goes. */
const swapForEver = `
const { renameSync, rmSync } = require('node:fs');
const moved = (from, to) => { try { renameSync(from, to); return true; } catch { return false; } };
for (;;) {
  moved('sub', 'kept');
  if (moved('link', 'sub')) moved('sub', 'link');
  if (moved('kept', 'sub')) continue;
  rmSync('sub', { recursive: true, force: true });
  moved('kept', 'sub');
}`;

describe('the workspace as a boundary', () => {
  it('holds while another process swaps a folder for a link that leads out', async function () {
    if (process.platform !== 'linux') this.skip();
    const folder = await temporaryFolder({ 'sub/f.txt': 'inside' });
    const outside = await temporaryFolder({ 'f.txt': 'SECRET', 'SECRET.txt': '' });
    await symlink(outside.path, join(folder.path, 'link'));
    const swapper = spawn(process.execPath, ['-e', swapForEver], { cwd: folder.path, stdio: 'ignore' });
    const swapped = once(swapper, 'close');
    const workspace = await openWorkspace([folder.path]);
    const outcomes = { done: 0, refused: 0 };
    try {
      for (let i = 0; i < 50; i++) {
        const calls = [
          callTool(writeFileTool(workspace), { path: 'sub/f.txt', content: `inside ${i}` }),
          callTool(listFilesTool(workspace), { path: 'sub' }),
          callTool(writeFileTool(workspace), { path: `sub/new${i}/f.txt`, content: 'inside' }),
          ...Array.from({ length: 10 }, () => callTool(readFileTool(workspace), { path: 'sub/f.txt' })),
        ];
        for (const result of await Promise.allSettled(calls)) {
          if (result.status === 'fulfilled') assert.doesNotMatch(result.value.content, /SECRET/);
          else assert.ok(result.reason instanceof ToolError, String(result.reason));
          outcomes[result.status === 'fulfilled' ? 'done' : 'refused']++;
        }
      }
    } finally {
      swapper.kill('SIGKILL');
      await swapped;
    }
    assert.deepEqual((await readdir(outside.path)).sort(), ['SECRET.txt', 'f.txt']);
    assert.ok(outcomes.done > 0 && outcomes.refused > 0, JSON.stringify(outcomes));
    await folder.remove();
    await outside.remove();
  });

  it('holds for every path that one can write', async () => {
    const folder = await temporaryFolder({ 'docs/a.txt': 'a', 'b.txt': 'b', 'deep/er/c.txt': 'c' });
    const outside = await temporaryFolder({ 'secret.txt': 's' });
    await symlink(outside.path, join(folder.path, 'out'));
    await symlink('docs', join(folder.path, 'in'));
    await symlink('../..', join(folder.path, 'deep/up'));
    const workspace = await openWorkspace([folder.path]);
    const names = [
      '..',
      '.',
      '',
      'docs',
      'a.txt',
      'out',
      'in',
      'deep',
      'up',
      'secret.txt',
      '~',
      '.git',
      'new',
      '\\',
      ' ',
    ];
    const segment = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.string({ maxLength: 4 }));
    const paths = fc
      .tuple(
        fc.constantFrom('', '/', folder.path, `${folder.path}/`, outside.path),
        fc.array(segment, { maxLength: 6 }),
      )
      .map(([start, segments]) => start + segments.join('/'));
    await fc.assert(
      fc.asyncProperty(paths, fc.constantFrom('read' as const, 'write' as const), async (path, purpose) => {
        const found = await workspace.resolve(path, purpose).catch((error: unknown) => {
          assert.ok(error instanceof ToolError, String(error));
          return undefined;
        });
        if (!found) return;
        assert.ok(`${found.absolute}/`.startsWith(`${folder.path}/`), `${path} → ${found.absolute}`);
        if (purpose === 'write') assert.doesNotMatch(found.absolute, /\/\.git(\/|$)/i);
      }),
      { numRuns: 1000 },
    );
    await folder.remove();
    await outside.remove();
  });
});
