import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { unifiedDiff } from '../../src/cli/unifiedDiff.ts';

const run = promisify(execFile);
const bytes = (text: string) => Buffer.from(text);
const text = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'c', '', 'é', ' '), { maxLength: 30 }), fc.boolean())
  .map(([lines, ends]) => lines.join('\n') + (ends && lines.length > 0 ? '\n' : ''))
  .filter((one) => one !== '');

describe('unifiedDiff', () => {
  it('says what changed, with three lines around it', () => {
    const before = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('');
    const after = before.replace('line 5\n', 'five\n').replace('line 18\n', '');
    const diff = unifiedDiff('a.md', bytes(before), bytes(after));
    assert.match(diff, /^--- a\/a\.md\n\+\+\+ b\/a\.md\n@@ -2,7 \+2,7 @@\n line 2\n/);
    assert.match(diff, /-line 5\n\+five\n/);
    assert.match(diff, /@@ -15,6 \+15,5 @@\n line 15\n line 16\n line 17\n-line 18\n line 19\n line 20\n$/);
  });

  it('tells new, deleted and binary files', () => {
    assert.equal(unifiedDiff('a', undefined, bytes('x\n')), '--- /dev/null\n+++ b/a\n@@ -0,0 +1,1 @@\n+x\n');
    assert.equal(unifiedDiff('a', bytes('x\n'), undefined), '--- a/a\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n');
    assert.equal(unifiedDiff('a', bytes('x\0'), bytes('y')), 'Binary files a differ\n');
  });

  it('quotes names as git does', () => {
    const heading = (name: string) => unifiedDiff(name, undefined, bytes('x\n')).split('\n').slice(0, 2);
    assert.deepEqual(heading('a\u{1b}[2K\n"\\ü'), ['--- /dev/null', '+++ "b/a\\033[2K\\012\\"\\\\\\303\\274"']);
    assert.deepEqual(heading('a b'), ['--- /dev/null', '+++ b/a b\t']);
    assert.deepEqual(heading('ü'), ['--- /dev/null', '+++ b/ü']);
  });

  it('is what git apply makes the new text from', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'diff-'));
    await mkdir(join(folder, 'x'));
    await fc.assert(
      fc.asyncProperty(text, text, async (before, after) => {
        const diff = unifiedDiff('file', bytes(before), bytes(after));
        if (before === after) {
          assert.equal(diff, '');
          return;
        }
        await writeFile(join(folder, 'file'), before);
        await writeFile(join(folder, 'patch'), diff);
        await run('git', ['apply', '--whitespace=nowarn', '--unidiff-zero', 'patch'], { cwd: folder });
        assert.equal(await readFile(join(folder, 'file'), 'utf8'), after);
      }),
      {
        numRuns: 60,
        examples: [
          ['\n', 'a'],
          ['a', '\n'],
          ['\n', '\n\n'],
        ],
      },
    );
    await rm(folder, { recursive: true });
  });
});
