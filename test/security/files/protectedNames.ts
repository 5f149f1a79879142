/** Ways to change what is protected. */
import { mkdir, writeFile } from 'node:fs/promises';
import { edit, linkTo, move, remove, write, type Attempt } from './attempt.ts';

/** Names that some file system or program takes for a protected one. */
const aliases = [
  '.git/config',
  './/.git//config',
  'sub/../.git/config',
  '.GIT/config',
  '.git./config',
  '.git /config',
  'git~1/config',
  'GIT~1/config',
  '.g\u200cit/config',
  '.gi\ufefft/config',
  '\uff0egit/config',
  '.\uff47\uff49\uff54/config',
  '.git::$INDEX_ALLOCATION/config',
  '.git\\config',
  '.\\x67it/config',
  'sub/.git/hooks/pre-commit',
  '.vscode/settings.json',
  '.VsCode/tasks.json',
  '.vscode',
  'any.code-workspace',
  '.mcp.json',
  'sub/mcp.json',
  '.cursor/mcp.json',
  '.claude/settings.local.json',
  '.claude/hooks/x.sh',
  '.cursor/hooks.json',
  'sub/opencode.json',
  '.CRUSH.json',
  '.continue/mcpServers/x.yaml',
  '.zed/tasks.json',
  '.windsurf/x',
  '.devcontainer/devcontainer.json',
  '.mirothinker.json',
  'sub/.MIROTHINKER.json',
];

const isProtectedWord = /is protected/;
/** By their aliases, through links, and with the folders above them. */
export const protectedNames: readonly Attempt[] = [
  ...aliases.map((path): Attempt => {
    const calls = () => [...move('inside.txt', path), ...write(path)];
    return { name: `making ${JSON.stringify(path)}`, calls, ends: { refused: isProtectedWord } };
  }),
  {
    name: 'editing what is protected',
    calls: () => [...edit('.git/config', 'core'), ...edit('.vscode/settings.json', 'a')],
    ends: { refused: isProtectedWord },
  },
  {
    name: 'moving what is protected away',
    calls: () => [...move('.git/config', 'config'), ...move('.vscode', 'x'), ...move('.git', 'x')],
    ends: { refused: isProtectedWord },
  },
  {
    name: 'deleting what is protected',
    calls: () => [...remove('.git/config'), ...remove('.vscode'), ...remove('.git')],
    ends: { refused: isProtectedWord },
  },
  {
    name: 'writing through a link to what is protected',
    ...linkTo(() => '.git'),
    calls: () => [...edit('link/config', 'core'), ...write('link/config')],
    ends: { refused: isProtectedWord },
  },
  {
    name: 'deleting through a link to what is protected',
    ...linkTo(() => '.git'),
    calls: () => remove('link/config'),
    ends: { refused: isProtectedWord },
  },
  {
    name: 'moving and deleting a folder above what is protected',
    prepare: async ({ at }) => {
      await mkdir(at('sub/deep/.git'), { recursive: true });
    },
    calls: () => [...move('sub', 'x'), ...move('sub/deep', 'x'), ...remove('sub')],
    ends: { refused: isProtectedWord },
  },
  {
    name: 'moving a folder so that what it holds becomes protected',
    prepare: async ({ at }) => {
      await mkdir(at('hold'));
      await writeFile(at('hold/settings.json'), '{}');
    },
    calls: () => move('hold', '.claude'),
    ends: { refused: isProtectedWord },
  },
  {
    name: 'a notebook among what is protected',
    prepare: ({ at }) => writeFile(at('.vscode/x.ipynb'), '{"nbformat":4,"cells":[{"cell_type":"raw","source":""}]}'),
    calls: () => [{ tool: 'edit_notebook', args: { path: '.vscode/x.ipynb', cell: 1, source: 'HARM' } }],
    ends: { refused: isProtectedWord },
  },
];
