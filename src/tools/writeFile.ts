/** write_file: a whole file, made or replaced. */
import { z } from 'zod';
import { defineTool, type Tool } from '../agent/tool.ts';
import { countOf, formatBytes } from '../shared/quantities.ts';
import { fileProblem } from './fileProblems.ts';
import { replaceFile } from './safeFiles.ts';
import type { Workspace } from './workspace.ts';

const description =
  'Writes a text file in the workspace, with the folders that are missing above it. An existing file is replaced as a whole; to change a part of one use edit_file.';

const input = z.object({
  path: z.string().min(1).describe('The file, relative to the workspace'),
  content: z.string().describe('The whole new content'),
});

/** Makes or replaces a file. */
export function writeFileTool(workspace: Workspace): Tool {
  return defineTool({
    server: 'workspace',
    name: 'write_file',
    description,
    input,
    effect: 'write',
    run: async ({ path, content }, { signal }) => {
      const { absolute, relative, exists } = await workspace.resolve(path, 'write');
      const bytes = Buffer.from(content);
      try {
        await replaceFile(absolute, bytes, relative, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw fileProblem(error, relative);
      }
      const lines = content === '' ? 0 : content.replace(/\n$/, '').split('\n').length;
      const size = `${countOf(lines, 'line')}, ${formatBytes(bytes.length)}`;
      return { content: `${exists ? 'Replaced' : 'Created'} ${relative} (${size}).` };
    },
  });
}
