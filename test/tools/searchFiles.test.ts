import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolError } from '../../src/agent/errors.ts';
import { searchFilesTool } from '../../src/tools/searchFiles.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { callTool, temporaryFolder, type TemporaryFolder } from './workspaceFixture.ts';

describe('search_files', () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder({
      'docs/a.md': 'The heron eats fish.\nIt nests in trees.\n',
      'docs/b.md': 'No birds here.\nA HERON again\nfish\n',
      '.github/heron.yml': 'on: heron\n',
      '.git/config': 'heron\n',
      '.gitignore': 'ignored/\n',
      'ignored/c.md': 'heron\n',
      'image.bin': new Uint8Array([0, 1, 2, 104, 101, 114, 111, 110]),
      'wide.txt': `${'x'.repeat(5000)}needle${'y'.repeat(5000)}\n`,
      'code.c': 'call(a[0]);\r\n',
      'zwei.txt': 'Ä heron, ünïcode: größer\n',
    });
  });
  after(() => folder.remove());

  const search = async (args: Readonly<Record<string, string>>) => {
    const workspace = await openWorkspace([folder.path]);
    return (await callTool(searchFilesTool(workspace), args)).content;
  };

  it('gives matching lines by file, hidden files among them, and passes over .git and what is ignored', async () => {
    const content = await search({ pattern: 'heron' });
    assert.deepEqual(
      content.split('\n').filter((line) => line.includes(': ')),
      [
        '.github/heron.yml:1: on: heron',
        'docs/a.md:1: The heron eats fish.',
        'docs/b.md:2: A HERON again',
        'zwei.txt:1: Ä heron, ünïcode: größer',
      ],
    );
    assert.match(content, /^4 lines in 4 files match\./);
  });

  it('minds capitals in the pattern, the path and the glob', async () => {
    assert.match(await search({ pattern: 'HERON' }), /^1 line in 1 file match/);
    assert.doesNotMatch(await search({ pattern: 'heron', path: 'docs' }), /github/);
    assert.doesNotMatch(await search({ pattern: 'heron', glob: '*.yml' }), /docs/);
    assert.match(await search({ pattern: 'heron', path: 'ignored' }), /ignored\/c\.md:1: heron/);
    assert.match(await search({ pattern: 'heron', path: 'docs/a.md' }), /docs\/a\.md:1/);
  });

  it('ranks the places of alternatives and counts the files of each', async () => {
    const content = await search({ pattern: 'heron|nests|zebra' });
    const [head, ...rest] = content.split('\n');
    assert.match(head ?? '', /^Files with each alternative \(\d+ searched\):$/);
    assert.deepEqual(rest.slice(0, 4), ['- 4: heron', '- 1: nests', '- 0: zebra', '']);
    assert.match(content, /:\n\ndocs\/a\.md:1: The heron eats fish\.\ndocs\/a\.md:2: It nests in trees\./);
  });

  it('cuts a long line around its match', async () => {
    const content = await search({ pattern: 'needle' });
    assert.match(content, /wide\.txt:1: …x+needley+…$/);
    assert.ok(content.length < 500);
  });

  it('searches for the letters of a pattern that is no regular expression, and says so', async () => {
    const content = await search({ pattern: 'call(a[' });
    assert.match(content, /does not understand this search: .*\nIt was searched for literally/s);
    assert.match(content, /code\.c:1: call\(a\[0\]\);$/);
  });

  it('takes a pattern that looks like an option as a pattern', async () => {
    assert.match(await search({ pattern: '--files' }), /^No matches in the workspace/);
  });

  it('understands lookaround and line breaks', async () => {
    assert.match(await search({ pattern: 'heron(?= eats)' }), /docs\/a\.md:1/);
    assert.match(await search({ pattern: 'fish\\.\\nIt' }), /docs\/a\.md:1: The heron eats fish\./);
  });

  it('tells a bad glob', async () => {
    await assert.rejects(search({ pattern: 'heron', glob: '{a' }), (error) => {
      assert.ok(error instanceof ToolError);
      assert.match(error.message, /glob/);
      return true;
    });
  });

  it('does not leave the workspace through a link', async () => {
    const other = await temporaryFolder({ 'secret.txt': 'heron of elsewhere\n' });
    await symlink(other.path, join(folder.path, 'away'));
    assert.doesNotMatch(await search({ pattern: 'heron' }), /elsewhere/);
    await assert.rejects(search({ pattern: 'heron', path: 'away' }), /leaves the workspace/);
    await other.remove();
  });

  it('stops when the signal aborts', async () => {
    const workspace = await openWorkspace([folder.path]);
    const signal = AbortSignal.abort(new Error('stopped'));
    await assert.rejects(callTool(searchFilesTool(workspace), { pattern: 'heron' }, signal), /stopped/);
  });

  it('says what to do when there is no ripgrep at the place that was set, by going on to the next', async () => {
    const workspace = await openWorkspace([folder.path], { ripgrepPaths: ['/nonexistent/rg'] });
    const { content } = await callTool(searchFilesTool(workspace), { pattern: 'nests' });
    assert.match(content, /docs\/a\.md:2/);
  });

  it('begins paths with the root where there are several', async () => {
    const second = await temporaryFolder({ 'x.md': 'heron two\n' });
    const workspace = await openWorkspace([folder.path, second.path]);
    const { content } = await callTool(searchFilesTool(workspace), { pattern: 'heron two' });
    assert.match(content, new RegExp(`${second.path.split('/').at(-1) ?? ''}/x\\.md:1: heron two`));
    await second.remove();
  });
});
