/**
 * Tools of the MCP servers that VS Code itself runs, as far as its API gives them: names, descriptions and schemas. Which
 * servers there are, and starting one, it does not give.
 */
import * as vscode from 'vscode';
import { ToolError, messageOf } from '../agent/errors.ts';
import { observationLimit, type Tool } from '../agent/tool.ts';
import { showControls } from '../shared/visibleText.ts';
import { isNamed, toolName } from '../tools/mcp/names.ts';
import { observed } from '../tools/mcp/result.ts';

/** What VS Code's names of them begin with, then a short form of the server's label. */
const prefix = 'mcp_';
const labelChars = 13;
const server = 'vscode';

/** Those of servers that the run has itself are left out. */
export function editorTools(
  servers: readonly string[],
  taken: Set<string>,
  disabled: readonly string[],
): readonly Tool[] {
  const ours = servers.map((name) => `${prefix}${labelOf(name)}`);
  return vscode.lm.tools
    .filter(({ name, tags }) => name.startsWith(prefix) || tags.includes('mcp'))
    .filter(({ name }) => !ours.some((start) => name.startsWith(start)))
    .filter(({ name }) => !isNamed(disabled, server, bare(name)))
    .map((tool) => toolOf(tool, taken));
}

/** What VS Code makes of a server's label. */
function labelOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_.-]+/g, '_')
    .slice(0, labelChars);
}

function bare(name: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

function toolOf({ name, description, inputSchema }: vscode.LanguageModelToolInformation, taken: Set<string>): Tool {
  return {
    server,
    name: toolName(server, bare(name), taken),
    description: showControls(description).replace(/\s+/g, ' ').slice(0, 2_000),
    inputSchema: { type: 'object', ...inputSchema },
    effect: 'execute',
    limit: observationLimit,
    foreign: true,
    asks: 'An MCP server of VS Code does it, outside the sandbox; VS Code may ask as well.',
    run: async (args, { signal }) => {
      const cancelling = new vscode.CancellationTokenSource();
      const cancel = () => cancelling.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      try {
        const input = typeof args === 'object' && args !== null ? args : {};
        const options = { input, toolInvocationToken: undefined };
        const { content } = await vscode.lm.invokeTool(name, options, cancelling.token);
        return observed({ content: content.map(blockOf) }, `VS Code's MCP tool ${name}`, Date.now());
      } catch (error) {
        signal.throwIfAborted();
        throw new ToolError(`VS Code could not do it: ${showControls(messageOf(error)).slice(0, 1_000)}`);
      } finally {
        signal.removeEventListener('abort', cancel);
        cancelling.dispose();
      }
    },
  };
}

function blockOf(part: unknown): unknown {
  if (part instanceof vscode.LanguageModelTextPart) return { type: 'text', text: part.value };
  const value = part instanceof vscode.LanguageModelPromptTsxPart ? part.value : undefined;
  return value === undefined ? { type: 'unknown' } : { type: 'text', text: JSON.stringify(value) };
}
