/** Whether a call fits the tool that it names, before it gets into the history. */
import type { ToolSchema } from '../shared/events.ts';
import { isRecord } from '../shared/json.ts';
import type { RawCall } from './mends.ts';
import type { Tool } from './tool.ts';
import { valueByType } from './valueTypes.ts';

/** A tool as far as calls are read for it; without `check` its arguments are taken as they are. */
export type CallableTool = ToolSchema & Pick<Tool, 'check'>;

/** The longest JSON schema that is shown to the model with what was wrong, in characters. */
const shownSchema = 1_000;

/** A call that fits, and what was mended; or the words for the model about why it does not. */
export type FittedCall =
  | { readonly kind: 'fits'; readonly call: RawCall; readonly mended: readonly string[] }
  | { readonly kind: 'unknownTool' | 'invalidArguments'; readonly words: string };

/** Checks a call whose names are mended. Where no tools are known, none is wrong. */
export function fitCall(call: RawCall, tools: readonly CallableTool[]): FittedCall {
  const tool = tools.find(({ server, name }) => server === call.server && name === call.tool);
  if (!tool) return tools.length === 0 ? { kind: 'fits', call, mended: [] } : unknownTool(call, tools);
  const { arguments: args, mended } = typedArguments(call.arguments, tool);
  const problem = tool.check?.(args);
  if (problem === undefined) return { kind: 'fits', call: { ...call, arguments: args }, mended };
  const schema = JSON.stringify(tool.inputSchema);
  const shown = schema.length <= shownSchema ? ` Its JSON schema: ${schema}` : '';
  return { kind: 'invalidArguments', words: `The arguments of ${tool.name} do not fit: ${problem}.${shown}` };
}

function unknownTool({ server, tool }: RawCall, tools: readonly ToolSchema[]): FittedCall {
  const there = tools.map(({ server: on, name }) => `${name} on server ${on}`).join(', ');
  const place = server ? ` on server ${server}` : '';
  return { kind: 'unknownTool', words: `Unknown tool: ${tool}${place}. There are: ${there}.` };
}

/** Numbers, booleans, lists and objects that came as strings become what the schema wants. */
function typedArguments(args: RawCall['arguments'], tool: ToolSchema) {
  const mended: string[] = [];
  const properties = tool.inputSchema['properties'];
  if (!isRecord(properties)) return { arguments: args, mended };
  const entries = Object.entries(args).flatMap(([name, value]): [string, unknown][] => {
    const typed =
      typeof value === 'string' && Object.hasOwn(properties, name) ? valueByType(value, properties[name]) : undefined;
    if (typed === undefined) return [[name, value]];
    mended.push(
      `argument ${name}: a string → ${typed === null ? 'null' : Array.isArray(typed) ? 'array' : typeof typed}`,
    );
    return typed === null ? [] : [[name, typed]];
  });
  return { arguments: Object.fromEntries(entries), mended };
}
