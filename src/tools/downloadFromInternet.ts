/** download_file_from_internet_to_sandbox: a file of the internet, into a sandbox's own home or /tmp. */
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { defineTool, sandboxLimit, type Tool } from '../agent/tool.ts';
import { formatBytes } from '../shared/quantities.ts';
import { livingSandboxId, putFile, type SandboxFiles } from './sandboxFiles.ts';

/** A file that is being fetched, under the rules of the run's network. */
export interface Fetched {
  readonly url: string;
  readonly name: string;
  readonly type: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly close: () => Promise<void>;
}

const input = z.object({
  sandbox_id: z.string().describe('The id that create_sandbox gave.'),
  url: z.string().min(1).describe('The address, http:// or https://.'),
  sandbox_file_path: z
    .string()
    .min(1)
    .default('/home/user')
    .describe('Where it goes in the sandbox, below /home/user or /tmp: a folder, or a path for the file.'),
});

/** Offered where the network reaches something. `fetch` throws ToolError for what may not be reached. */
export function downloadFromInternetTool(
  sandboxes: SandboxFiles,
  fetch: (url: string, signal: AbortSignal) => Promise<Fetched>,
): Tool {
  return defineTool({
    server: 'tool-python',
    name: 'download_file_from_internet_to_sandbox',
    description:
      'Download a file of the internet into the own files of a sandbox. Reaches what commands in the sandbox reach. Gives the path in the sandbox, the size and the type.',
    input,
    effect: 'execute',
    asks: 'It downloads a file into the sandbox.',
    limit: sandboxLimit,
    run: async ({ sandbox_id: given, url, sandbox_file_path: path }, context) => {
      const id = livingSandboxId(given, context);
      const { signal } = context;
      const file = await fetch(url, signal);
      let bytes = 0;
      const write = async (target: FileHandle) => {
        for await (const part of file.body) {
          bytes += part.length;
          await target.writeFile(part);
        }
      };
      try {
        const shown = await sandboxes.withFolders(id, (folders, roots) =>
          putFile({ folders, roots }, path, file.name, write),
        );
        return {
          content: `Downloaded ${file.url} (${formatBytes(bytes)}, ${file.type}). Its path in the sandbox: ${shown}`,
          touched: [],
        };
      } finally {
        await file.close();
        signal.throwIfAborted();
      }
    },
  });
}
