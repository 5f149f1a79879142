/** edit_file: exact replacements in a file, all or none. */
import { z } from 'zod';
import { ToolError } from '../agent/errors.ts';
import { defineTool, type Tool } from '../agent/tool.ts';
import { countOf } from '../shared/quantities.ts';
import { applyEdits, type Edit } from './edits.ts';
import { readText, writeText } from './fileText.ts';
import type { Workspace } from './workspace.ts';

const description =
  'Replaces passages of a text file in the workspace. old_text has to be exactly what stands in the file, without line numbers, and to occur there once: take enough lines around the change to make it so. For several changes at once give edits instead; each is looked for in the file as it was, and all are made or none. A notebook is changed with edit_notebook.';

const passage = {
  old_text: z.string().min(1).describe('The passage as it stands in the file, white space included'),
  new_text: z.string().describe('What stands there afterwards; empty to delete the passage'),
  replace_all: z.boolean().optional().describe('Change every occurrence; default: false, there has to be exactly one'),
};

const input = z.object({
  path: z.string().min(1).describe('The file, relative to the workspace'),
  old_text: passage.old_text.optional(),
  new_text: passage.new_text.optional(),
  replace_all: passage.replace_all,
  edits: z
    .array(z.object(passage))
    .max(200)
    .optional()
    .describe('Several changes at once, in place of old_text and new_text'),
});

/** Replaces passages that occur exactly once, or everywhere where that is asked for. */
export function editFileTool(workspace: Workspace): Tool {
  return defineTool({
    server: 'workspace',
    name: 'edit_file',
    description,
    input,
    effect: 'write',
    run: async (args, { signal }) => {
      const edits = editsOf(args);
      await workspace.resolve(args.path, 'read');
      const place = await workspace.resolve(args.path, 'write');
      const old = await readText(workspace, place, signal);
      const { text, lines } = applyEdits(old.text, edits, place.relative);
      const { remark, touched } = await writeText(workspace, place, old, text, signal);
      return { content: [changed(place.relative, lines), remark].filter(Boolean).join(' '), touched };
    },
  });
}

/** The passages asked for. Throws ToolError where there are none, or in both ways. */
function editsOf(args: z.infer<typeof input>): readonly Edit[] {
  const { old_text: oldText, new_text: newText, edits = [], replace_all: all = false } = args;
  const several = edits.map((edit) => ({
    oldText: edit.old_text,
    newText: edit.new_text,
    all: edit.replace_all ?? false,
  }));
  if (oldText === undefined && newText === undefined) {
    if (several.length > 0) return several;
    throw new ToolError('Give old_text and new_text, or edits with at least one of both.');
  }
  if (several.length > 0) throw new ToolError('Give either old_text and new_text or edits, not both.');
  if (oldText === undefined || newText === undefined) throw new ToolError('old_text and new_text belong together.');
  return [{ oldText, newText, all }];
}

function changed(shown: string, lines: readonly number[]): string {
  const [first] = lines;
  if (lines.length === 1) return `Changed ${shown} at line ${first ?? 1}.`;
  const some = `${lines.slice(0, 20).join(', ')}${lines.length > 20 ? ', …' : ''}`;
  return `Changed ${shown} in ${countOf(lines.length, 'place')}, at lines ${some} as they were before.`;
}
