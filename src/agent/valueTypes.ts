/** Values that came as text where a tool's JSON schema wants something else: read where the meaning stays the same. */
import { isRecord } from '../shared/json.ts';
import { readObject } from './arguments.ts';

/**
 * What a text means under a schema that takes no string; undefined when the schema takes strings, says no type, or the text
 * is nothing that it wants. `null` where the schema takes it.
 */
export function valueByType(text: string, schema: unknown): string | number | boolean | object | null | undefined {
  const types = typesOf(schema);
  const trimmed = text.trim();
  if (types.has('null') && /^(?:null|None)$/.test(trimmed)) return null;
  if (types.has('string') || types.has('unknown')) return undefined;
  if (types.has('boolean') && /^(?:true|false)$/i.test(trimmed)) return trimmed.toLowerCase() === 'true';
  if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(trimmed)) {
    const value = Number(trimmed);
    return types.has('number') || (types.has('integer') && Number.isSafeInteger(value)) ? value : undefined;
  }
  if (!/^[[{]/.test(trimmed)) return undefined;
  const value = readObject(`{"value": ${trimmed}\n}`)?.value['value'];
  if (Array.isArray(value)) return types.has('array') ? value : undefined;
  return isRecord(value) && types.has('object') ? value : undefined;
}

/** The JSON types that a schema takes; `unknown` when it does not say. */
function typesOf(schema: unknown): ReadonlySet<string> {
  if (!isRecord(schema)) return new Set(['unknown']);
  const { type } = schema;
  if (typeof type === 'string') return new Set([type]);
  if (Array.isArray(type)) return new Set(type.map(String));
  const options = [schema['anyOf'], schema['oneOf']].find(Array.isArray);
  if (options) return new Set(options.flatMap((option: unknown) => [...typesOf(option)]));
  const values: unknown = schema['enum'] ?? ('const' in schema ? [schema['const']] : undefined);
  if (Array.isArray(values)) return new Set(values.map((value) => (value === null ? 'null' : typeof value)));
  return new Set(['unknown']);
}
