import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { watch } from 'node:fs';
import { chmod, readFile, rm, symlink } from 'node:fs/promises';
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

  it('leaves out the bytes of PDF and Office files, and says so once', async () => {
    const packed = await temporaryFolder({
      'a.pdf': '%PDF-1.4\nquokka\n',
      'b.docx': 'PK\x03\x04\nquokka\n',
      'c.md': 'quokka\n',
    });
    try {
      const tool = searchFilesTool(await openWorkspace([packed.path]));
      const { content } = await callTool(tool, { pattern: 'quokka' });
      assert.match(content, /^PDF and Office files were left out[^\n]*\n1 line in 1 file match\.\n\nc\.md:1: quokka$/);
    } finally {
      await packed.remove();
    }
  });

  it('minds capitals in the pattern, the path and the glob', async () => {
    assert.match(await search({ pattern: 'HERON' }), /^1 line in 1 file match/);
    assert.doesNotMatch(await search({ pattern: 'heron', path: 'docs' }), /github/);
    assert.doesNotMatch(await search({ pattern: 'heron', glob: '*.yml' }), /docs/);
    assert.match(await search({ pattern: 'heron', path: 'ignored' }), /ignored\/c\.md:1: heron/);
    assert.match(await search({ pattern: 'heron', path: 'docs/a.md' }), /docs\/a\.md:1/);
  });

  it('counts a glob with folders from any folder, and never lets one open .git', async () => {
    for (const glob of ['docs/**', 'docs/*.md', './docs/*.md', '**/docs/*', '/docs/*']) {
      const content = await search({ pattern: 'heron', glob });
      assert.match(content, /docs\/a\.md:1/, glob);
      assert.doesNotMatch(content, /github/, glob);
    }
    assert.doesNotMatch(await search({ pattern: 'heron', glob: '!docs/**' }), /docs/);
    assert.match(await search({ pattern: 'heron', glob: '.git/**' }), /^No matches/);
  });

  it('ranks the places of alternatives and counts the files of each', async () => {
    const content = await search({ pattern: 'heron|nests|zebra' });
    const [head, ...rest] = content.split('\n');
    assert.match(head ?? '', /^Files with each alternative \(\d+ searched\):$/);
    assert.deepEqual(rest.slice(0, 4), ['- 4: heron', '- 1: nests', '- 0: zebra', '']);
    assert.match(content, /:\n\ndocs\/a\.md:1: The heron eats fish\.\ndocs\/a\.md:2: It nests in trees\./);
  });

  it('shows lines around a match where they are asked for', async () => {
    const text = Array.from({ length: 30 }, (_, index) => (index % 20 === 9 ? 'stork' : `line ${index + 1}`)).join(
      '\n',
    );
    const own = await temporaryFolder({ 'a.txt': text });
    const tool = searchFilesTool(await openWorkspace([own.path]));
    const { content } = await callTool(tool, { pattern: 'stork', context: 1 });
    assert.equal(
      content,
      '2 lines in 1 file match.\n\na.txt-9- line 9\na.txt:10: stork\na.txt-11- line 11\n--\na.txt-29- line 29\na.txt:30: stork',
    );
    await own.remove();
  });

  it('minds the .gitignore of the workspace also in a folder that is named', async () => {
    const own = await temporaryFolder({ '.gitignore': '*.log\n', 'src/a.log': 'stork', 'src/a.txt': 'stork' });
    const { content } = await callTool(searchFilesTool(await openWorkspace([own.path])), {
      pattern: 'stork',
      path: 'src',
    });
    assert.match(content, /^1 line in 1 file match/);
    await own.remove();
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

  it('kills a ripgrep that runs when the signal aborts', async () => {
    const pidFile = join(folder.path, 'pid');
    const slow = await temporaryFolder({
      rg: `#!/bin/sh\necho $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}\nexec sleep 600\n`,
    });
    await chmod(join(slow.path, 'rg'), 0o755);
    const workspace = await openWorkspace([folder.path], { ripgrepPaths: [join(slow.path, 'rg')] });
    const controller = new AbortController();
    const started = new Promise<void>((resolve) => {
      const watcher = watch(folder.path, (_event, name) => {
        if (name !== 'pid') return;
        watcher.close();
        resolve();
      });
    });
    const searching = callTool(searchFilesTool(workspace), { pattern: 'heron' }, controller.signal);
    await started;
    controller.abort(new Error('stopped'));
    await assert.rejects(searching, /stopped/);
    const pid = Number(await readFile(pidFile, 'utf8'));
    assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    await rm(pidFile);
    await slow.remove();
  });

  it('tells a ripgrep that cannot be started', async () => {
    const bad = await temporaryFolder({ rg: '#!/nonexistent/interpreter\n' });
    await chmod(join(bad.path, 'rg'), 0o755);
    const workspace = await openWorkspace([folder.path], { ripgrepPaths: [join(bad.path, 'rg')] });
    await assert.rejects(callTool(searchFilesTool(workspace), { pattern: 'heron' }), (error) => {
      assert.ok(error instanceof ToolError);
      assert.match(error.message, /cannot be started/);
      return true;
    });
    await bad.remove();
  });

  it('refuses a pipe, which would never end', async () => {
    execFileSync('mkfifo', [join(folder.path, 'pipe')]);
    await assert.rejects(search({ pattern: 'x', path: 'pipe' }), /is a device or a pipe/);
    assert.match(await search({ pattern: 'nests' }), /docs\/a\.md:2/);
    await rm(join(folder.path, 'pipe'));
  });

  it('passes over a match whose line is no line, and finds the others', async () => {
    const wide = await temporaryFolder({ 'a.txt': `heron ${'x'.repeat(9_000_000)}\n`, 'b.txt': 'heron\n' });
    const { content } = await callTool(searchFilesTool(await openWorkspace([wide.path])), { pattern: 'heron' });
    assert.match(content, /^1 line in 1 file match\.\n\nb\.txt:1: heron$/);
    await wide.remove();
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
