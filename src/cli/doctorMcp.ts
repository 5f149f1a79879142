/** What `doctor` says of MCP servers: whether each is trusted, and whether it is there. */
import { UserError } from '../agent/errors.ts';
import { findServers, openServer, type FoundServer } from '../runs/mcpServers.ts';
import type { McpSurroundings } from '../runs/mcpSurroundings.ts';
import { commandLine } from '../runs/mcpWords.ts';
import { shownPath } from '../shared/visibleText.ts';
import type { Call } from './arguments.ts';
import type { Finding } from './finding.ts';
import { mcpSurroundings } from './mcpOptions.ts';

/** A line a server, and one for each that cannot be read; runs go on without them. */
export async function mcpFindings(call: Call, env: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const mcp = mcpSurroundings(call.workspace, call.mcp, env, undefined);
  const roots = [{ name: 'workspace', path: call.workspace }];
  const { servers, problems } = await findServers(mcp, roots);
  const broken = problems.map((found) => ({ name: 'MCP servers', ok: false, found, optional: true }));
  return [...(await Promise.all(servers.map((server) => findingOf(server, mcp, roots)))), ...broken];
}

async function findingOf(
  server: FoundServer,
  mcp: McpSurroundings,
  roots: readonly { readonly name: string; readonly path: string }[],
): Promise<Finding> {
  const name = `MCP server ${shownPath(server.name)}`;
  const what = commandLine(server.definition);
  if (server.trust !== 'trusted') {
    const why = server.trust === 'changed' ? `is not what was trusted (${server.changes} changed)` : 'is not trusted';
    return { name, ok: false, optional: true, found: `${what} ${why}`, remedy: mcp.trust.how(server.name) };
  }
  const signal = new AbortController().signal;
  try {
    const connection = await openServer(server, server.name, mcp, { roots, signal, onToolsChanged: () => undefined });
    await connection.close();
    return { name, ok: true, found: `${what}, ${connection.tools.length} tools` };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name, ok: false, optional: true, found: error.message, remedy: 'Its tools are missing in runs.' };
  }
}
