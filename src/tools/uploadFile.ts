/** upload_file_from_local_to_sandbox: a file of the workspace, copied into a sandbox's own home or /tmp. */
import { basename } from 'node:path';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, sandboxLimit, type Tool } from '../agent/tool.ts';
import { formatBytes } from '../shared/quantities.ts';
import { fileProblem } from './fileProblems.ts';
import { unsavedText } from './fileText.ts';
import { openForReading } from './safeFiles.ts';
import { livingSandboxId, putFile, type SandboxFiles } from './sandboxFiles.ts';
import type { Workspace } from './workspace.ts';

const maxBytes = 500_000_000;

const input = z.object({
  sandbox_id: z.string().describe('The id that create_sandbox gave.'),
  local_file_path: z.string().min(1).describe('The file in the workspace.'),
  sandbox_file_path: z
    .string()
    .min(1)
    .default('/home/user')
    .describe('Where it goes in the sandbox, below /home/user or /tmp: a folder, or a path for the file.'),
});

/** Its effect is to read: it changes nothing of the person's. */
export function uploadFileTool(workspace: Workspace, sandboxes: SandboxFiles): Tool {
  return defineTool({
    server: 'tool-python',
    name: 'upload_file_from_local_to_sandbox',
    description:
      'Copy a file of the workspace into the own files of a sandbox, to change it there and keep the original. Files of the workspace that are only read need no upload: the sandbox sees them at the same path. Gives the path in the sandbox.',
    input,
    effect: 'read',
    limit: sandboxLimit,
    run: async ({ sandbox_id: given, local_file_path: local, sandbox_file_path: path }, context) => {
      const id = livingSandboxId(given, context);
      const place = await workspace.resolve(local, 'read');
      const { absolute, relative } = place;
      const { signal } = context;
      const unsaved = await unsavedText(workspace, place);
      const copied = { bytes: 0 };
      const write = async (target: FileHandle) => {
        if (unsaved) {
          const bytes = Buffer.from(unsaved.text);
          copied.bytes = bytes.length;
          await target.writeFile(bytes);
          return;
        }
        const source = await openForReading(absolute, relative).catch((error: unknown) => {
          throw fileProblem(error, relative);
        });
        try {
          copied.bytes = await copy(source, target, relative, signal);
        } finally {
          await source.close();
        }
      };
      const shown = await sandboxes.withFolders(id, (folders, roots) =>
        putFile({ folders, roots }, path, basename(absolute), write),
      );
      signal.throwIfAborted();
      const what = unsaved ? `${relative} with its unsaved changes` : relative;
      return { content: `Uploaded ${what} (${formatBytes(copied.bytes)}). Its path in the sandbox: ${shown}` };
    },
  });
}

async function copy(source: FileHandle, target: FileHandle, shown: string, signal: AbortSignal): Promise<number> {
  const { size } = await source.stat();
  const tooLarge = () => new ToolError(`${shown} is too large: an upload may have ${formatBytes(maxBytes)}.`);
  if (size > maxBytes) throw tooLarge();
  const buffer = Buffer.alloc(1 << 20);
  let length = 0;
  for (;;) {
    signal.throwIfAborted();
    const { bytesRead } = await source.read(buffer, 0, buffer.length, length);
    if (bytesRead === 0) return length;
    length += bytesRead;
    if (length > maxBytes) throw tooLarge();
    await target.writeFile(buffer.subarray(0, bytesRead));
  }
}
