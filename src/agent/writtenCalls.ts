/** Calls as they stand in a message's text → names and arguments, by the form in which they are written. */
import type { ToolSchema } from '../shared/events.ts';
import { isRecord } from '../shared/json.ts';
import type { FoundCall, Span } from '../shared/replyScan.ts';
import { readArguments, readObject, withoutNulls, type ArgumentsContext } from './arguments.ts';
import type { RawCall } from './mends.ts';
import { placeOf } from './toolNames.ts';
import { valueByType } from './valueTypes.ts';

/** A call that was read, and what was mended; or, as a string, why it cannot be read. */
export type WrittenCall = { readonly call: RawCall; readonly mended: readonly string[] } | string;

/** Reads one found call. `<tool_call>` may hold a list of several. */
export function readWritten(text: string, found: FoundCall, tools: readonly ToolSchema[]): readonly WrittenCall[] {
  const body = slice(text, found.body);
  const maybeCut = !found.closed && found.body.end === text.length;
  const read = readForm(text, body, found, tools, maybeCut);
  if (found.closed) return read;
  return read.map((one) =>
    typeof one === 'string' ? one : { ...one, mended: [...one.mended, 'closed an unclosed tool call'] },
  );
}

function readForm(
  text: string,
  body: string,
  found: FoundCall,
  tools: readonly ToolSchema[],
  maybeCut: boolean,
): readonly WrittenCall[] {
  if (found.form === 'json') return readNamedCalls(body, tools, { maybeCut });
  const named = slice(text, found.tool).trim();
  if (!named) return ['The tool call names no tool.'];
  const place = placeOf(slice(text, found.server).trim(), named, tools);
  if (found.form === 'function' && !/^\s*[[{`]/.test(body)) return [readParameters(body, place, tools, maybeCut)];
  return [readWith(place, body, tools, { maybeCut })];
}

/** Arguments as text → a call of a tool. */
export function readWith(
  place: { readonly server: string; readonly tool: string },
  argumentsText: string,
  tools: readonly ToolSchema[],
  context: ArgumentsContext,
): WrittenCall {
  const read = readArguments(argumentsText.trim(), { ...context, names: namesOf(place.tool, tools) });
  if (!read) return `The arguments of ${place.tool} are not a JSON object.`;
  return { call: { ...place, arguments: read.value }, mended: read.mended ? [read.mended] : [] };
}

const nameKeys = ['name', 'tool', 'tool_name', 'function', 'function_name'] as const;
const argumentKeys = ['arguments', 'parameters', 'args', 'input', 'tool_input'] as const;
const wrapperKeys = [...nameKeys, ...argumentKeys, 'server', 'server_name', 'type', 'id'];

/** JSON that names its tool: one object, or a list of them. */
export function readNamedCalls(
  text: string,
  tools: readonly ToolSchema[],
  context: ArgumentsContext,
): readonly WrittenCall[] {
  const list = /^\s*\[/.test(text) ? readObject(`{"calls": ${text}}`, context)?.value['calls'] : undefined;
  if (Array.isArray(list) && list.length > 0) return list.map((one: unknown) => readNamed(one, tools, []));
  const named = /"(?:name|tool|tool_name)"\s*:\s*"([^"]*)"/.exec(text)?.[1];
  const names = named === undefined ? undefined : namesOf(placeOf('', named, tools).tool, tools);
  const read = readObject(text, {
    ...context,
    outerNames: wrapperKeys,
    ...(names && { names: [...names, ...wrapperKeys] }),
  });
  if (!read) return ['The tool call is not a JSON object.'];
  return [readNamed(read.value, tools, read.mended ? [read.mended] : [])];
}

function readNamed(value: unknown, tools: readonly ToolSchema[], mended: readonly string[]): WrittenCall {
  if (!isRecord(value)) return 'The tool call is not a JSON object.';
  if (isRecord(value['function'])) return readNamed(value['function'], tools, mended);
  const name = nameKeys.map((key) => value[key]).find((one) => typeof one === 'string');
  if (!name) return 'The tool call names no tool.';
  const server = [value['server_name'], value['server']].find((one) => typeof one === 'string') ?? '';
  const place = placeOf(server, name, tools);
  const given = argumentKeys.map((key) => value[key]).find((one) => one !== undefined) ?? {};
  if (typeof given === 'string') {
    const read = readWith(place, given, tools, {});
    return typeof read === 'string' ? read : { ...read, mended: [...mended, ...read.mended] };
  }
  if (!isRecord(given)) return `The arguments of ${place.tool} are not a JSON object.`;
  return { call: { ...place, arguments: withoutNulls(given) }, mended };
}

/** Whether an object has nothing but what a call in JSON has. */
export function isNamedCall(value: Readonly<Record<string, unknown>>): boolean {
  return (
    Object.keys(value).every((key) => wrapperKeys.includes(key)) &&
    nameKeys.some((key) => value[key] !== undefined) &&
    (argumentKeys.some((key) => value[key] !== undefined) || isRecord(value['function']))
  );
}

const parameter = /\s*<parameter=([^<>\n]+)>([\s\S]*?)(<\/parameter>(?=\s*(?:<parameter=|$))|$)/y;

/** `<parameter=key>value</parameter>`: values are text as it stands, or what the tool's schema wants. */
function readParameters(
  body: string,
  place: { readonly server: string; readonly tool: string },
  tools: readonly ToolSchema[],
  maybeCut: boolean,
): WrittenCall {
  const unreadable = `The parameters of ${place.tool} cannot be told apart.`;
  const schema = tools.find(({ name }) => name === place.tool)?.inputSchema ?? {};
  const values: [string, unknown][] = [];
  for (let at = 0; at < body.trimEnd().length; at = parameter.lastIndex) {
    parameter.lastIndex = at;
    const [, key = '', value = '', closing = ''] = parameter.exec(body) ?? [];
    if (!key || /<parameter=|<\/function>/.test(value) || (maybeCut && closing === '')) return unreadable;
    if (values.some(([earlier]) => earlier === key)) return unreadable;
    const trimmed = value.replace(/^\r?\n/, '').replace(/\r?\n$/, '');
    values.push([key, valueByType(trimmed, propertySchema(schema, key)) ?? trimmed]);
  }
  return { call: { ...place, arguments: withoutNulls(Object.fromEntries(values)) }, mended: [] };
}

function propertySchema(schema: Readonly<Record<string, unknown>>, key: string): unknown {
  const properties = schema['properties'];
  return isRecord(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
}

function namesOf(tool: string, tools: readonly ToolSchema[]): readonly string[] | undefined {
  const properties = tools.find(({ name }) => name === tool)?.inputSchema['properties'];
  return isRecord(properties) ? Object.keys(properties) : undefined;
}

function slice(text: string, span: Span | undefined): string {
  return span ? text.slice(span.start, span.end) : '';
}
