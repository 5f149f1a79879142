import assert from 'node:assert/strict';
import { describeCall } from '../../src/shared/describeCall.ts';
import type { Call } from '../../src/shared/trajectory.ts';

function call(tool: string, args: Record<string, unknown>, more: Partial<Call> = {}): Call {
  return { callId: 'c', server: 'workspace', tool, arguments: args, ...more };
}

function line(of: Call): string {
  const { verb, target, summary, tone } = describeCall(of);
  return `${verb} | ${target} | ${summary} | ${tone}`;
}

describe('describeCall', () => {
  it('says what is done to what', () => {
    assert.equal(line(call('run_command', { command: 'git log\n--oneline' })), 'Run | git log --oneline |  | normal');
    assert.equal(line(call('read_file', { path: 'a.md', start_line: 3, end_line: 9 })), 'Read | a.md:3–9 |  | normal');
    assert.equal(line(call('read_file', { path: 'a.md', start_line: 3 })), 'Read | a.md:3– |  | normal');
    assert.equal(line(call('list_files', {})), 'List | workspace |  | normal');
    assert.equal(
      line(call('search_files', { pattern: 'x y', path: 'docs', glob: '*.md' })),
      'Search | “x y” in docs (*.md) |  | normal',
    );
    assert.equal(line(call('search_files', { pattern: '"x"', path: '.' })), 'Search | "x" |  | normal');
    assert.equal(
      line(call('run_python_code', { code_block: 'import os\n\nprint(os.name)' })),
      'Run Python | print(os.name) |  | normal',
    );
    assert.equal(
      line(
        call('search_and_browse', { subtask: 'Who wrote it?' }, { outcome: 'ok', content: '\nIt was Ines.\nMore.' }),
      ),
      'Subtask | Who wrote it? | It was Ines. | normal',
    );
    assert.equal(line(call('run_command', {}, { outcome: 'denied' })), 'Run |  | Denied by a rule | attention');
    assert.equal(line(call('fetch-the_thing', { depth: 3, name: 'n' })), 'Fetch the thing | n |  | normal');
  });

  it('says what came of it', () => {
    const ok = (content: string): Partial<Call> => ({ outcome: 'ok', content });
    assert.match(
      line(call('search_files', {}, ok('3 lines in 2 files match.\n\na:1: x\na:2: x\nb:1: x'))),
      /3 lines in 2 files \| normal$/,
    );
    assert.match(
      line(call('search_files', {}, ok('More than 2,000 lines in 40 files match; the best 20 places:\n\na:1: x'))),
      /More than 2,000 lines in 40 files/,
    );
    assert.match(
      line(call('search_files', {}, ok('No matches in docs (4 files searched; …). Try fewer.'))),
      /No matches in docs \|/,
    );
    assert.match(line(call('edit_file', { old_text: 'a\nb', new_text: 'a\nc\nd' }, ok('Edited'))), /\+2 −1/);
    assert.match(line(call('write_file', { path: 'n', content: 'one\ntwo\n' }, ok('Wrote'))), /2 lines written/);
    assert.match(line(call('run_command', { command: 'ls' }, ok('\n  first\nsecond'))), /\| first \| normal/);
    assert.match(
      line(
        call(
          'run_command',
          {},
          { ...ok('Exit code: 1\nDuration: 1.00 s\nOutput:\nx\nmake: *** [all] Error 2'), exitCode: 1 },
        ),
      ),
      /make: \*\*\* \[all\] Error 2 \| failed/,
    );
    assert.match(
      line(call('run_command', {}, ok('Exit code: 0\nDuration: 1.00 s\nNo output.'))),
      /No output \| normal/,
    );
    assert.match(
      line(call('read_file', {}, ok('3\ta\n4\tb\n[Lines 3 to 4 of 212 lines. Go on with start_line 5.]'))),
      /2 of 212 lines/,
    );
    assert.match(
      line(call('list_files', {}, ok('a/\nb.md\n[3 more entries not shown. List a folder of these by its path.]'))),
      /2 entries/,
    );
    assert.match(line(call('google_search', { q: 'x' }, ok('{"organic": [{}, {}]}'))), /2 results/);
    assert.match(
      line(call('scrape_and_extract_info', { url: 'https://www.a.org/b' }, ok('{"extracted_info": "It is so."}'))),
      /Read page \| a\.org\/b \| It is so\./,
    );
  });

  it('says what becomes of files, cells and outputs', () => {
    const edits = [
      { old_text: 'a', new_text: 'b\nc' },
      { old_text: 'd', new_text: '' },
    ];
    assert.match(
      line(call('edit_file', { path: 'a', edits }, { outcome: 'ok', content: 'Changed' })),
      /^Edit \| a \| \+2 −2 /,
    );
    assert.match(line(call('move_file', { from: 'a', to: 'b/c' })), /^Move \| a → b\/c \|/);
    assert.match(line(call('delete_file', { path: 'sub', recursive: true })), /^Delete \| sub \|/);
    assert.match(line(call('edit_notebook', { path: 'n.ipynb', cell: 3 })), /^Edit \| n\.ipynb, cell 3 \|/);
    assert.match(line(call('edit_notebook', { path: 'n.ipynb', cell: 3, action: 'insert' })), /, new cell 3 \|/);
    assert.match(line(call('edit_notebook', { path: 'n.ipynb', cell: 3, action: 'delete' })), /, without cell 3 \|/);
    assert.match(
      line(call('read_output', { call: '1-1', pattern: 'x', from: 9 })),
      /^Read output \| 1-1 for “x” from line 9 \|/,
    );
    const cells = { outcome: 'ok', content: '--- Cell 1 of 12: code ---\nx' } as const;
    assert.match(line(call('read_file', { path: 'n.ipynb' }, cells)), /12 cells/);
    const context = {
      outcome: 'ok',
      content: '1 line in 1 file match.\n\na.md-1- x\na.md:2: y\n--\na.md-9- z',
    } as const;
    assert.match(line(call('search_files', { pattern: 'y' }, context)), /1 line in 1 file \|/);
  });

  it('tells failure from attention', () => {
    assert.match(
      line(call('run_command', {}, { outcome: 'ok', exitCode: 1, content: 'Traceback\nKeyError: 1\n' })),
      /KeyError: 1 \| failed$/,
    );
    assert.match(
      line(call('read_file', {}, { outcome: 'failed', content: '' })),
      /Failed without a message \| failed$/,
    );
    assert.match(
      line(call('run_command', {}, { outcome: 'denied', approval: { reason: 'r', decision: 'deny', note: 'no' } })),
      /Denied: no \| attention$/,
    );
    assert.match(line(call('run_command', {}, { outcome: 'lost' })), /Nobody knows how it ended \| attention$/);
    assert.match(line(call('run_command', {}, { outcome: 'cancelled' })), /Cancelled \| normal$/);
  });

  it('survives arguments of any shape', () => {
    for (const tool of [
      'run_command',
      'read_file',
      'search_files',
      'edit_file',
      'edit_notebook',
      'move_file',
      'delete_file',
      'read_output',
      'write_file',
      'google_search',
      'scrape_website',
      'x',
    ]) {
      for (const value of [null, 3, [], {}, true, 'x'.repeat(100_000)]) {
        const args = {
          path: value,
          command: value,
          pattern: value,
          content: value,
          old_text: value,
          url: value,
          edits: value,
          from: value,
          cell: value,
        };
        const { target, summary } = describeCall(call(tool, args, { outcome: 'ok', content: '{"organic": 3}' }));
        assert.ok(target.length <= 400 && summary.length <= 400);
        assert.equal(/\n/.test(target + summary), false);
      }
    }
  });
});
