/**
 * Paths that no tool and no command may create, change or rename: programs outside the sandbox (git, the editor, other
 * agents) run what stands in them.
 */

/** Folders and files that are protected with all that is below them, wherever they stand. */
export const protectedNames: ReadonlySet<string> = new Set([
  '.git',
  '.vscode',
  // Windsurf: rules, workflows and hooks.
  '.windsurf',
  // What a repository says that runs in it may do: nothing in a run may widen it.
  '.mirothinker.json',
  // Where VS Code, Claude Code, Cursor, Windsurf, Cline, Roo, Visual Studio and others look for MCP servers.
  '.mcp.json',
  'mcp.json',
  'mcp_config.json',
  'mcp_settings.json',
  'cline_mcp_settings.json',
  'devcontainer.json',
  '.devcontainer.json',
  // OpenCode and Crush: MCP servers, plugins, commands.
  'opencode.json',
  '.opencode.json',
  'crush.json',
  '.crush.json',
]);

/** MCP servers, hooks and tasks in files and folders whose name alone says nothing. */
export const protectedEndings: readonly string[] = [
  '.claude/settings.json',
  '.claude/settings.local.json',
  '.claude/hooks',
  '.codex/config.toml',
  '.gemini/settings.json',
  '.zed/settings.json',
  '.zed/tasks.json',
  '.cursor/hooks.json',
  '.continue/config.yaml',
  '.continue/config.json',
  '.continue/mcpservers',
];

/** Whether a path is protected. It is relative to a workspace's root and '/'-separated; `.` and `..` are resolved already. */
export function isProtected(relativePath: string): boolean {
  const segments = relativePath.split(/[/\\]/).map(asFileSystemsSeeIt);
  if (segments.some((segment) => protectedNames.has(segment) || /^git~\d+$/.test(segment))) return true;
  if (segments.some((segment) => segment.endsWith('.code-workspace'))) return true;
  const path = `/${segments.join('/')}/`;
  return protectedEndings.some((ending) => path.includes(`/${ending}/`));
}

/** Whether a path that ends in this name can be protected for that name: tells most of a workspace's files apart quickly. */
export function mayBeProtected(name: string): boolean {
  if (isProtected(name)) return true;
  const last = asFileSystemsSeeIt(name);
  return protectedEndings.some((ending) => ending.endsWith(`/${last}`));
}

/** One name as a file system may take it that ignores case, invisible characters, or dots and spaces at the end. */
function asFileSystemsSeeIt(segment: string): string {
  const visible = segment.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  return (visible.split(':')[0] ?? '').replace(/[. ]+$/, '').toLowerCase();
}
