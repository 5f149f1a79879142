/** A real workspace in a temporary folder, for the tools' tests. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Tool, ToolOutput } from '../../src/agent/tool.ts';
import { noOutput } from '../fakes/noOutput.ts';

/** A folder that ends with the test. */
export interface TemporaryFolder {
  /** Absolute, without links. */
  readonly path: string;
  /** Writes files by relative path. */
  readonly put: (files: Readonly<Record<string, string | Uint8Array>>) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Makes a folder with files in it. */
export async function temporaryFolder(
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<TemporaryFolder> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'mirothinker-test-')));
  const put = async (more: Readonly<Record<string, string | Uint8Array>>) => {
    for (const [name, content] of Object.entries(more)) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), content);
    }
  };
  await put(files);
  return { path, put, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Calls a tool as the loop does. */
export async function callTool(
  tool: Tool,
  args: unknown,
  signal: AbortSignal = new AbortController().signal,
): Promise<ToolOutput> {
  return tool.run(args, { signal, callId: '1-1', runId: 'test', unconfined: false, openOutput: async () => noOutput });
}
