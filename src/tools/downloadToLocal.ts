/** download_file_from_sandbox_to_local: a file of a sandbox's own, written into the workspace. */
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, sandboxLimit, type Tool } from '../agent/tool.ts';
import { formatBytes } from '../shared/quantities.ts';
import { fileProblem } from './fileProblems.ts';
import { replaceFile } from './safeFiles.ts';
import { livingSandboxId, takeFile, type SandboxFiles } from './sandboxFiles.ts';
import type { Workspace } from './workspace.ts';

const maxBytes = 100_000_000;

const input = z.object({
  sandbox_id: z.string().describe('The id that create_sandbox gave.'),
  sandbox_file_path: z.string().min(1).describe('The file in the sandbox, below /home/user or /tmp.'),
  local_filename: z.string().min(1).describe('The file in the workspace that it becomes; an existing one is replaced.'),
});

/** Where the result of a sandbox becomes the person's, by the rules of every tool that writes. */
export function downloadToLocalTool(workspace: Workspace, sandboxes: SandboxFiles): Tool {
  return defineTool({
    server: 'tool-python',
    name: 'download_file_from_sandbox_to_local',
    description:
      'Copy a file from the own files of a sandbox, which end with it, into the workspace, where it stays. Commands can write into the workspace themselves.',
    input,
    effect: 'write',
    limit: sandboxLimit,
    run: async ({ sandbox_id: given, sandbox_file_path: path, local_filename: local }, context) => {
      const id = livingSandboxId(given, context);
      const { signal } = context;
      if (local.endsWith('/')) throw new ToolError(`${local} ends with a slash: name a file in that folder.`);
      const { absolute, relative, exists } = await workspace.resolve(local, 'write');
      if ((await workspace.documents.unsaved()).includes(absolute))
        throw new ToolError(`${relative} has unsaved changes in the editor. Name another file.`);
      const { bytes, shown } = await sandboxes.withFolders(id, (folders, roots) =>
        takeFile({ folders, roots }, path, maxBytes, signal),
      );
      try {
        await replaceFile(absolute, bytes, relative, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw fileProblem(error, relative);
      }
      const done = `${exists ? 'Replaced' : 'Created'} ${relative} (${formatBytes(bytes.length)})`;
      return { content: `${done} with ${shown} of the sandbox.`, touched: [absolute] };
    },
  });
}
