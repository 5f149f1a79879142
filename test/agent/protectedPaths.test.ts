import assert from 'node:assert/strict';
import { isProtected } from '../../src/agent/protectedPaths.ts';

describe('isProtected', () => {
  const protectedPaths = [
    '.git',
    '.git/config',
    'nested/repository/.git/hooks/pre-commit',
    '.vscode/settings.json',
    'nested/.vscode/tasks.json',
    'my.code-workspace',
    'nested/my.CODE-WORKSPACE',
    '.mirothinker.json',
    'nested/.MiroThinker.json',
    '.mcp.json',
    'mcp.json',
    '.cursor/mcp.json',
    'nested/.roo/mcp.json',
    '.gemini/settings.json',
    'nested/.claude/settings.local.json',
    '.devcontainer/devcontainer.json',
    '.cursor/hooks.json',
    'nested/opencode.json',
    '.opencode.json',
    'crush.json',
    'nested/.crush.json',
    '.continue/config.yaml',
    '.continue/config.json',
    '.continue/mcpServers/new.yaml',
    '.zed/tasks.json',
    '.windsurf/hooks.json',
    '.claude/hooks/check.sh',
    '.GIT/config',
    '.Git',
    '.git./config',
    '.git /config',
    'git~1/config',
    'GIT~2/config',
    '\uff0egit/config',
    '.\uff47\uff49\uff54/config',
    '.mirothin\u200bker.json',
    '.vscode. /tasks.json',
    '.git::$INDEX_ALLOCATION/config',
    '.g\u200cit/config',
    'nested\\.git\\config',
  ];
  for (const path of protectedPaths) {
    it(`protects ${JSON.stringify(path)}`, () => assert.equal(isProtected(path), true));
  }

  for (const path of [
    '',
    'readme.md',
    '.gitignore',
    '.gitattributes',
    '.github/workflows/ci.yml',
    'git/config',
    'x.git',
    'vscode/settings.json',
    'settings.json',
    'hooks/check.sh',
    'config.yaml',
    '.zed/notes.md',
    '.continue/rules/one.md',
    '.claude/commands/one.md',
    'code-workspace',
    'my.code-workspace.md',
    'docs/mcp.json.md',
    'mirothinker.json',
    '.mirothinker.json.md',
  ]) {
    it(`leaves ${JSON.stringify(path)} alone`, () => assert.equal(isProtected(path), false));
  }
});
