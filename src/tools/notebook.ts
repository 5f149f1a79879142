/** Jupyter notebooks of format 4 as cells; outputs as text. Pure. */
import { z } from 'zod';
import { formatBytes } from '../shared/quantities.ts';
import type { OpenCell } from './documents.ts';

/** A cell; its outputs are texts or `[image/png, 12 KB]`. */
export interface NotebookCell extends OpenCell {
  /** How many-th run it was; absent where it did not run. */
  readonly executionCount?: number;
}

const text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(''))]);
const outputSchema = z.looseObject({
  output_type: z.string(),
  text: text.optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  ename: z.string().optional(),
  evalue: z.string().optional(),
  traceback: z.array(z.string()).optional(),
});
const notebookSchema = z.looseObject({
  nbformat: z.literal(4),
  nbformat_minor: z.number().optional(),
  cells: z.array(
    z.looseObject({
      cell_type: z.enum(['code', 'markdown', 'raw']),
      source: text,
      execution_count: z.number().nullish(),
      outputs: z.array(outputSchema).optional(),
    }),
  ),
});

type Output = z.infer<typeof outputSchema>;

/** The cells of a notebook's JSON, or what is wrong with it. */
export function notebookCells(json: string): readonly NotebookCell[] | string {
  const parsed = parsedNotebook(json);
  if (typeof parsed === 'string') return parsed;
  return parsed.cells.map(({ cell_type: type, source, execution_count: count, outputs = [] }) => ({
    type,
    source,
    outputs: outputs.map(outputText),
    ...(typeof count === 'number' && { executionCount: count }),
  }));
}

/** Whether cells of this notebook have ids, or what is wrong with it. */
export function notebookHasIds(json: string): boolean | string {
  const parsed = parsedNotebook(json);
  return typeof parsed === 'string' ? parsed : (parsed.nbformat_minor ?? 0) >= 5;
}

function parsedNotebook(json: string): z.infer<typeof notebookSchema> | string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    return `the notebook is broken: it is no JSON (${error instanceof Error ? error.message.slice(0, 200) : ''}).`;
  }
  const parsed = notebookSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.path[0] === 'nbformat') return 'the notebook is not of format 4. Convert it with jupyter nbconvert first.';
  return `the notebook is broken at ${issue?.path.join('.') || 'its top'}: ${issue?.message ?? ''}.`;
}

/** Colours and the like of a terminal. */

const ansi = /\x1b\[[0-9;?]*[A-Za-z]/g;

function outputText(output: Output): string {
  if (output.output_type === 'error') {
    const said = output.traceback?.join('\n') ?? '';
    return (said || `${output.ename ?? 'Error'}: ${output.evalue ?? ''}`).replace(ansi, '');
  }
  if (output.text !== undefined) return output.text.replace(ansi, '');
  const parts = Object.entries(output.data ?? {});
  const plain = parts.flatMap(([type, value]) => (type === 'text/plain' ? [asText(value)] : []));
  // A picture's plain text only names its class, and other forms of a text say the same again.
  const others = parts.filter(([type]) => type.startsWith('image/') || (plain.length === 0 && type !== 'text/plain'));
  return [...plain, ...others.map(([type, value]) => `[${type}, ${formatBytes(sizeOf(type, value))}]`)].join('\n');
}

function asText(value: unknown): string {
  const parsed = text.safeParse(value);
  return parsed.success ? parsed.data : JSON.stringify(value);
}

/** Pictures are in base64, but for drawings. */
function sizeOf(type: string, value: unknown): number {
  const content = asText(value);
  return type.startsWith('image/') && !type.includes('svg')
    ? Math.floor((content.replace(/\s/g, '').length * 3) / 4)
    : Buffer.byteLength(content);
}
