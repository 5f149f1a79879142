/** write_file: a whole file, made or replaced. */
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool } from '../agent/tool.ts';
import { countOf, formatBytes } from '../shared/quantities.ts';
import { unsavedText, writeText } from './fileText.ts';
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
      if (path.endsWith('/')) throw new ToolError(`${path} ends with a slash: name a file in that folder.`);
      const place = await workspace.resolve(path, 'write');
      const old = await unsavedText(workspace, place);
      const { remark, touched } = await writeText(workspace, place, old, content, signal);
      const lines = content === '' ? 0 : content.replace(/\n$/, '').split('\n').length;
      const size = `${countOf(lines, 'line')}, ${formatBytes(Buffer.byteLength(content))}`;
      const done = `${place.exists ? 'Replaced' : 'Created'} ${place.relative} (${size}).`;
      return { content: [done, remark].filter(Boolean).join(' '), touched };
    },
  });
}
