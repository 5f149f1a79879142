/** Ways to make ripgrep do something else. */
import { execFileSync } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import { linkTo, search, type Attempt } from './attempt.ts';

/** Options, globs, patterns, configuration, other programs. */
export const searches: readonly Attempt[] = [
  {
    name: 'following links in a search',
    ...linkTo(({ outside }) => outside),
    calls: () => search({}),
    ends: { harmless: /^No matches/ },
  },
  {
    name: 'a glob that leads out',
    calls: ({ outside }) => [...search({ glob: '../**' }), ...search({ glob: `${outside}/**` })],
    ends: { harmless: /^No matches/ },
  },
  {
    name: 'a glob that is an option',
    calls: () => [...search({ glob: '--follow' }), ...search({ glob: '*" --pre="./evil' })],
    ends: { harmless: /^No matches/ },
  },
  {
    name: 'a pattern that is an option',
    calls: () => search({ pattern: '--pre=./evil', path: 'sub' }),
    ends: { harmless: /^No matches/ },
  },
  {
    name: 'a pattern that names a file of patterns',
    calls: ({ outside }) => search({ pattern: `--file=${outside}/secret.txt` }),
    ends: { harmless: /^No matches/ },
  },
  {
    name: 'a path that is an option',
    prepare: ({ at }) => writeFile(at('--follow'), 'x'),
    calls: () => search({ path: '--follow' }),
    ends: { harmless: /^No matches/ },
  },
  {
    name: 'files that are options',
    prepare: ({ at }) => writeFile(at('--pre=evil'), 'marked\n'),
    calls: () => [{ tool: 'search_files', args: { pattern: 'marked' } }],
    ends: { harmless: /--pre=evil:1: marked$/ },
  },
  {
    name: 'a configuration of ripgrep in the environment',
    prepare: async ({ at, outside }) => {
      await writeFile(at('rc'), '--follow\n--pre=evil\n');
      await symlink(outside, at('link'));
    },
    env: ({ at }) => ({ RIPGREP_CONFIG_PATH: at('rc') }),
    calls: () => search({}),
    ends: { harmless: /^No matches/ },
  },
  {
    name: 'a ripgrep of the workspace on PATH',
    prepare: ({ at, outside }) => writeFile(at('sub/rg'), `#!/bin/sh\necho HARM > ${outside}/harm\n`, { mode: 0o755 }),
    env: ({ at }) => ({ PATH: `${at('sub')}:${process.env['PATH'] ?? ''}` }),
    calls: () => [...search({}), { tool: 'list_files', args: {} }],
    ends: { harmless: /inside\.txt/ },
  },
  {
    name: 'a ripgrep of the workspace behind a link on PATH',
    prepare: async ({ at, outside }) => {
      await writeFile(at('sub/tool'), `#!/bin/sh\necho HARM > ${outside}/harm\n`, { mode: 0o755 });
      await symlink(at('sub/tool'), at('../rg'));
    },
    env: ({ at }) => ({ PATH: `${at('..')}:${process.env['PATH'] ?? ''}` }),
    calls: () => search({}),
    ends: { harmless: /^No matches/ },
  },
  {
    name: 'a secret as a list of what is ignored, whose lines are wrong',
    prepare: async ({ at, outside }) => {
      await writeFile(`${outside}/keys`, 'key = [SECRET\n{SECRET\n');
      for (const name of ['.gitignore', '.ignore', 'sub/.rgignore']) await symlink(`${outside}/keys`, at(name));
    },
    calls: () => [...search({ pattern: 'heron' }), ...search({ pattern: 'heron', path: 'sub' })],
    ends: { harmless: /^No matches/ },
  },
  {
    name: 'a pipe among the files',
    prepare: ({ at }) => void execFileSync('mkfifo', [at('pipe'), at('sub/pipe')]),
    calls: () => search({}),
    ends: { harmless: /^No matches/ },
  },
  {
    name: 'an expression that backtracks without end',
    prepare: ({ at }) => writeFile(at('long.txt'), `${'a'.repeat(5000)}!\n`),
    calls: () => [{ tool: 'search_files', args: { pattern: '^(?=a)(a+)+$' } }],
    ends: { harmless: /^No matches/ },
  },
];
