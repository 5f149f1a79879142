/** The options about MCP servers. */
import { basename, dirname, join, resolve } from 'node:path';
import type { McpSource, McpSurroundings, TrustQuestion } from '../runs/mcpSurroundings.ts';
import { trustLines } from '../runs/mcpWords.ts';
import { shownPath, showControls } from '../shared/visibleText.ts';
import { trustFile } from './mcpTrust.ts';
import type { Values } from './options.ts';
import type { Person } from './personAtTerminal.ts';

/** What the options say of MCP servers. */
export interface McpOptions {
  readonly files: readonly string[];
  /** Names of servers, or `all`. */
  readonly trusted: readonly string[];
  readonly off: readonly string[];
  readonly readOnly: readonly string[];
  readonly startSeconds: number;
}

/** From the command line's values. */
export function mcpOf(values: Values): McpOptions {
  return {
    files: values.mcp.map((file) => resolve(file)),
    trusted: values['trust-mcp'],
    off: values['mcp-off'],
    readOnly: values['mcp-read-only'],
    startSeconds: values['mcp-start'],
  };
}

/** The workspace's own file and those that were named; trust is asked at the terminal where somebody is there. */
export function mcpSurroundings(
  workspace: string,
  { files, trusted, off, readOnly, startSeconds }: McpOptions,
  env: NodeJS.ProcessEnv,
  person: Person | undefined,
): McpSurroundings {
  const own = join(workspace, '.vscode', 'mcp.json');
  const named = files.filter((file) => file !== own).map((file) => sourceOf(file, workspace, file, false));
  const notice = (words: string) => void process.stderr.write(`mirothinker: ${showControls(words)}\n`);
  const kept = trustFile(env);
  const ask = async (question: TrustQuestion, signal: AbortSignal) => {
    if (trusted.includes('all') || trusted.includes(question.name)) return 'yes';
    const lines = trustLines(question).map((line) => `  ${line}\n`);
    const title = `? MCP server "${shownPath(question.name)}" of ${shownPath(question.label)}\n`;
    const words = await person?.ask(`${title}${lines.join('')}  Trust it? [y], never [n], not now [Enter]: `, signal);
    if (/^y(es)?$/i.test(words?.trim() ?? '')) return 'yes';
    return /^n(o)?$/i.test(words?.trim() ?? '') ? 'no' : 'later';
  };
  return {
    sources: [sourceOf(own, workspace, '.vscode/mcp.json', true), ...named],
    trust: {
      ...kept,
      // What is trusted now was not refused for good.
      records: async () =>
        Object.fromEntries(
          Object.entries(await kept.records()).filter(([key, record]) => record.trusted || !names(trusted, key)),
        ),
      ask,
      how: (name) => `Trust it with --trust-mcp ${/^[\w.-]+$/.test(name) ? name : 'all'}, once you know what it does.`,
    },
    input: () => Promise.resolve(undefined),
    env,
    disabledTools: off,
    readOnlyTools: readOnly,
    startMs: startSeconds * 1000,
    notice,
  };
}

/** Whether one of the names is the server's that the key is for. */
function names(trusted: readonly string[], key: string): boolean {
  return trusted.includes('all') || trusted.some((name) => key.endsWith(`,${JSON.stringify(name)}]`));
}

function sourceOf(path: string, workspace: string, label: string, optional: boolean): McpSource {
  // A file in a .vscode folder is about the folder above it.
  const folder = basename(dirname(path)) === '.vscode' ? dirname(dirname(path)) : workspace;
  return { id: path, label, folder, from: { kind: 'file', path, optional } };
}
