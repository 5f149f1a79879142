/** A place for MCP servers in tests: a workspace, configurations, and trust as it is kept. */
import { mkdtemp, mkdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { foreignServers } from '../../../src/runs/mcp.ts';
import type { McpSurroundings, TrustQuestion, TrustRecord } from '../../../src/runs/mcpSurroundings.ts';
import { plainWeb, type RunSurroundings } from '../../../src/runs/surroundings.ts';
import { plainSandbox } from '../../fakes/plainSandbox.ts';

/** The program of the server that misbehaves. */
export const oddServer = join(import.meta.dirname, 'oddServer.ts');

/** The reference server of all features, and the one for files. */
export const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
export const filesystem = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-filesystem/dist/index.js'));

/** The odd server with these faults, as a configuration says it. */
export const odd = (...faults: readonly string[]) => ({
  command: process.execPath,
  args: [oddServer, ...faults],
  env: { ODD_LOG: '${workspaceFolder}/odd.log' },
});

/** `answer`: what the person says to each question; the caller disposes it. */
export async function mcpPlace(answer: 'yes' | 'no' | 'later' = 'yes') {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mcp-')));
  const workspace = join(folder, 'workspace');
  await mkdir(join(workspace, '.vscode'), { recursive: true });
  const file = join(workspace, '.vscode', 'mcp.json');
  const records: Record<string, TrustRecord> = {};
  const questions: TrustQuestion[] = [];
  const notices: string[] = [];
  const says = { answer };
  const closing = new AbortController();
  const mcp: McpSurroundings = {
    sources: [
      {
        id: file,
        label: '.vscode/mcp.json',
        folder: workspace,
        from: { kind: 'file', path: file, optional: true },
      },
    ],
    trust: {
      records: () => Promise.resolve({ ...records }),
      keep: (key, record) => {
        if (record) records[key] = record;
        return Promise.resolve();
      },
      ask: (question) => {
        questions.push(question);
        return Promise.resolve(says.answer);
      },
      how: (name) => `Trust ${name}.`,
    },
    input: () => Promise.resolve(undefined),
    env: process.env,
    disabledTools: [],
    readOnlyTools: [],
    startMs: 20_000,
    notice: (words) => notices.push(words),
  };
  const around: RunSurroundings = {
    roots: [{ name: 'workspace', path: workspace }],
    runsFolder: join(folder, 'runs'),
    apiKey: undefined,
    signal: closing.signal,
    serverWaitMs: 0,
    ...plainSandbox,
    ripgrepPath: undefined,
    web: plainWeb,
    report: (error) => {
      throw error;
    },
  };
  const opened: { readonly dispose: () => Promise<void> }[] = [];
  return {
    folder,
    workspace,
    mcp,
    around,
    records,
    questions,
    notices,
    says,
    configure: (servers: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) =>
      writeFile(file, JSON.stringify({ servers, ...more })),
    /** The tools that a run gets. */
    start: async (changes: Partial<McpSurroundings> = {}, nested = false, sandbox = around.sandbox) => {
      const finding = await foreignServers({ around: { ...around, sandbox, mcp: { ...mcp, ...changes } }, nested });
      opened.push(finding);
      const named = (name: string) => {
        const tool = finding.tools.find((one) => one.name === name);
        if (!tool) throw new Error(`no tool ${name}; there are ${finding.tools.map((one) => one.name).join(' ')}`);
        return tool;
      };
      return {
        tools: finding.tools,
        named,
        call: (name: string, args: unknown = {}, signal = closing.signal) =>
          named(name).run(args, {
            signal,
            runId: 'run',
            callId: 'call',
            unconfined: false,
            openOutput: () => Promise.reject(new Error('none')),
          }),
        dispose: finding.dispose,
      };
    },
    /** What the odd server noted, a line each. */
    log: async () => (await readFile(join(workspace, 'odd.log'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
    dispose: async () => {
      closing.abort();
      await Promise.all(opened.map((finding) => finding.dispose()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
