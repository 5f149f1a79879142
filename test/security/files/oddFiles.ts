/** Names and files that are none of the usual. */
import { execFileSync, spawnSync } from 'node:child_process';
import { truncate, writeFile } from 'node:fs/promises';
import { edit, linkTo, move, outsideWords, read, remove, search, write, type Attempt } from './attempt.ts';

/** A text with a terabyte of nothing behind it. */
async function sparse(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await truncate(path, 1e12);
}

/** Devices, pipes, sockets, holes, names without end. */
export const oddFiles: readonly Attempt[] = [
  {
    name: 'a null character',
    calls: () => [...read('inside.txt\0.png'), ...write('a\0b')],
    ends: { refused: /null character/ },
  },
  {
    name: 'a null character in an escape',
    calls: () => [...read('a\\x00b'), ...write('a\\x00b')],
    ends: { refused: /has backslashes/ },
  },
  {
    name: 'dots that only look like dots',
    calls: () => write('\uff0e\uff0e/new.txt'),
    ends: { harmless: /^Created \uff0e\uff0e\/new\.txt/ },
  },
  {
    name: 'a name that is too long',
    calls: () => [...read('n'.repeat(300)), ...write('n'.repeat(300))],
    ends: { refused: /name that is too long/ },
  },
  {
    name: 'a path that is too long',
    calls: () => [...read('d/'.repeat(5000)), ...write(`${'d/'.repeat(5000)}x`)],
    ends: { refused: /name that is too long/ },
  },
  {
    name: 'a pipe that nobody serves',
    prepare: ({ at }) => void execFileSync('mkfifo', [at('pipe')]),
    calls: () => [...read('pipe'), ...edit('pipe', 'x'), ...search({ path: 'pipe' }), ...write('pipe')],
    ends: { refused: /a device or a pipe/ },
  },
  {
    name: 'a pipe as a file that decides what is ignored',
    prepare: ({ at }) => void execFileSync('mkfifo', [at('.gitignore')]),
    calls: () => [{ tool: 'list_files', args: { path: 'sub' } }, ...search({ path: 'sub' })],
    ends: { harmless: /^No matches/ },
  },
  {
    name: 'a socket',
    prepare: ({ at }) =>
      void spawnSync(
        process.execPath,
        [
          '-e',
          'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))',
          at('socket'),
        ],
        { stdio: 'ignore' },
      ),
    calls: () => [...read('socket'), ...edit('socket', 'x'), ...write('socket')],
    ends: { refused: /a device/ },
  },
  {
    name: 'a device',
    asRoot: true,
    prepare: ({ at }) => void execFileSync('mknod', [at('zero'), 'c', '1', '5']),
    calls: () => [...read('zero'), ...edit('zero', 'x'), ...search({ path: 'zero' }), ...write('zero')],
    ends: { refused: /a device/ },
  },
  {
    name: 'a link to a device',
    ...linkTo(() => '/dev/zero'),
    calls: () => [...read('link'), ...search({ path: 'link' })],
    ends: { refused: outsideWords },
  },
  {
    name: 'reading a file of a terabyte of nothing',
    prepare: ({ at }) => sparse(at('sparse'), ''),
    calls: () => read('sparse'),
    ends: { refused: /is a binary file, 1000000\.0 MB/ },
  },
  {
    name: 'editing and searching a file of a terabyte',
    prepare: ({ at }) => sparse(at('sparse'), 'text\n'.repeat(4000)),
    calls: () => [...search({ path: 'sparse' }), ...edit('sparse', 'text')],
    ends: { refused: /too large/ },
  },
  {
    name: 'reading behind the text of a file of a terabyte',
    prepare: ({ at }) => sparse(at('sparse'), 'text\n'.repeat(4000)),
    calls: () => [{ tool: 'read_file', args: { path: 'sparse', start_line: 5000 } }],
    ends: { refused: /is not in its first 1000\.0 MB/ },
  },
  {
    name: 'a line of forty megabytes',
    prepare: ({ at }) => writeFile(at('line'), 'x'.repeat(40_000_000)),
    calls: () => read('line'),
    ends: { harmless: /^1\tx{2000}… \[line cut here\]/ },
  },
  {
    name: 'deleting the workspace',
    calls: ({ folder }) => [...remove('.'), ...remove(''), ...remove('sub/..'), ...remove(folder)],
    ends: { refused: /is a folder of the workspace/ },
  },
  {
    name: 'moving the workspace',
    calls: ({ folder }) => [...move('.', 'sub/x'), ...move(folder, 'sub/x')],
    ends: { refused: /is a folder of the workspace|into itself/ },
  },
];
