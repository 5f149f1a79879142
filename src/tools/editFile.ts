/** edit_file: one exact replacement in a file. */
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool } from '../agent/tool.ts';
import { nearMiss } from './nearMiss.ts';
import { fileProblem } from './fileProblems.ts';
import { openForReading, replaceFile } from './safeFiles.ts';
import { decodeText, encodeText } from './textFile.ts';
import type { Workspace } from './workspace.ts';

/** Larger files are for programs. */
const maxBytes = 32_000_000;

const description =
  'Replaces a passage of a text file in the workspace. old_text has to be exactly what stands in the file, without line numbers, and to occur there once: take enough lines around the change to make it so.';

const input = z.object({
  path: z.string().min(1).describe('The file, relative to the workspace'),
  old_text: z.string().min(1).describe('The passage as it stands in the file, white space included'),
  new_text: z.string().describe('What stands there afterwards; empty to delete the passage'),
});

/** Replaces a passage that occurs exactly once. */
export function editFileTool(workspace: Workspace): Tool {
  return defineTool({
    server: 'workspace',
    name: 'edit_file',
    description,
    input,
    effect: 'write',
    run: async ({ path, old_text: oldText, new_text: newText }, { signal }) => {
      await workspace.resolve(path, 'read');
      const { absolute, relative } = await workspace.resolve(path, 'write');
      try {
        const decoded = decodeText(await readWhole(absolute, relative, signal), relative);
        const edit = replacement(decoded.text, oldText, newText, relative);
        await replaceFile(absolute, encodeText({ ...decoded, text: edit.text }, relative), relative, signal);
        return { content: `Changed ${relative} at line ${edit.line}.` };
      } catch (error) {
        signal.throwIfAborted();
        throw fileProblem(error, relative);
      }
    },
  });
}

async function readWhole(absolute: string, shown: string, signal: AbortSignal): Promise<Uint8Array> {
  const handle = await openForReading(absolute, shown);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw new ToolError(`${shown} is too large for edit_file. Change it with run_python_code.`);
    return await handle.readFile({ signal });
  } finally {
    await handle.close();
  }
}

/** In a file with CRLF line ends, passages with plain ones are taken to mean them. */
function replacement(
  text: string,
  oldText: string,
  newText: string,
  shown: string,
): { readonly text: string; readonly line: number } {
  const crlf = text.includes('\r\n') && !oldText.includes('\r');
  const old = crlf ? oldText.replaceAll('\n', '\r\n') : oldText;
  const replaced = crlf ? newText.replace(/\r?\n/g, '\r\n') : newText;
  if (old === replaced) throw new ToolError('old_text and new_text are the same: nothing would change.');
  const at = text.indexOf(old);
  if (at < 0) throw new ToolError(`${shown} has no such passage. ${nearMiss(text, oldText)}`);
  const again = occurrences(text, old);
  if (again.length > 1) {
    const lines = again.slice(0, 10).map((index) => lineOf(text, index));
    throw new ToolError(
      `old_text occurs ${again.length} times in ${shown} (lines ${lines.join(', ')}${again.length > 10 ? ', …' : ''}). Take more of the lines around the one that you mean.`,
    );
  }
  return { text: text.slice(0, at) + replaced + text.slice(at + old.length), line: lineOf(text, at) };
}

function occurrences(text: string, part: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found.push(at);
  return found;
}

function lineOf(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
