import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from './workspaceFixture.ts';

const root = join(import.meta.dirname, '../..');

/** Writes with write_file in a process of its own, and prints what came of it and what is in the folder then. */
const program = `
import { readdir, readFile } from 'node:fs/promises';
import { openWorkspace } from '${join(root, 'src/tools/workspace.ts')}';
import { editFileTool } from '${join(root, 'src/tools/editFile.ts')}';
import { writeFileTool } from '${join(root, 'src/tools/writeFile.ts')}';
const [folder, size] = process.argv.slice(1);
const tool = writeFileTool(await openWorkspace([folder]));
const context = { signal: new AbortController().signal, runId: 'r', callId: '1-1', unconfined: false };
const write = (content) => tool.run({ path: 'a.txt', content }, context).then(({ content }) => content, (error) => error.name + ': ' + error.message);
const first = await write('small');
const second = await write('x'.repeat(Number(size)));
const edited = await editFileTool(await openWorkspace([folder])).run({ path: 'a.txt', old_text: 'a', new_text: 'y'.repeat(Number(size)) }, context).then(({ content }) => content, (error) => error.message);
const files = await readdir(folder);
console.log(JSON.stringify({ first, second, edited, files, content: await readFile(folder + '/a.txt', 'utf8') }));
`;

describe('write_file where nothing can be written', () => {
  let folder: TemporaryFolder;
  before(async function () {
    folder = await temporaryFolder({ 'a.txt': 'before' });
    const works = spawnSync('bwrap', ['--bind', '/', '/', 'true']).status === 0;
    if (!works) this.skip();
  });
  after(() => folder.remove());

  const inside = (mounts: readonly string[], size: number): unknown => {
    const node = [process.execPath, '--input-type=module', '-e', program, folder.path, String(size)];
    const { stdout, stderr } = spawnSync('bwrap', ['--dev-bind', '/', '/', ...mounts, ...node], { encoding: 'utf8' });
    assert.ok(stdout, stderr);
    return JSON.parse(stdout);
  };

  it('says that the disk is full, keeps the old file and leaves no part of the new one', () => {
    assert.deepEqual(inside(['--size', '65536', '--tmpfs', folder.path], 1_000_000), {
      first: 'Created a.txt (1 line, 5 B).',
      second:
        'ToolError: a.txt cannot be written: the disk is full. Nothing was changed. Give the result in the answer instead of a file.',
      edited:
        'a.txt cannot be written: the disk is full. Nothing was changed. Give the result in the answer instead of a file.',
      files: ['a.txt'],
      content: 'small',
    });
  });

  it('says that the workspace is read-only', () => {
    const refusal =
      'ToolError: a.txt cannot be written: the workspace is read-only. Give the result in the answer instead of a file.';
    assert.deepEqual(inside(['--ro-bind', folder.path, folder.path], 10), {
      first: refusal,
      second: refusal,
      edited: 'a.txt has no such passage. Nothing in the file resembles it. Read the file again before you edit it.',
      files: ['a.txt'],
      content: 'before',
    });
  });
});
