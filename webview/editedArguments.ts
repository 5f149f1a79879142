/** A call's arguments as text to edit, and back. Pure. */
import { describeCall } from '../src/shared/describeCall.ts';
import { isRecord } from '../src/shared/json.ts';
import type { Call } from '../src/shared/trajectory.ts';
import { escapeControls, showControls } from '../src/shared/visibleText.ts';

/** What an edited text amounts to. */
export type EditedArguments =
  | { readonly kind: 'same' }
  | { readonly kind: 'edited'; readonly arguments: Call['arguments'] }
  | { readonly kind: 'problem'; readonly message: string };

export interface EditableArguments {
  /** What the text is: "command", "arguments as JSON". */
  readonly name: string;
  readonly text: string;
  readonly read: (text: string) => EditedArguments;
}

/** The one main text of a call where it has one, else all arguments as JSON. Characters that hide others are escaped there. */
export function editableArguments(call: Call): EditableArguments {
  const args = call.arguments;
  const main = mainText(call);
  const value = main === undefined ? undefined : args[main];
  if (main === undefined || typeof value !== 'string' || showControls(value) !== value) return asJson(args);
  const name = main.replace(/_/g, ' ');
  return {
    name,
    text: value,
    read: (text) => {
      if (text === value) return { kind: 'same' };
      if (text.trim() === '') return { kind: 'problem', message: `The ${name} is empty. Deny the call instead.` };
      return { kind: 'edited', arguments: { ...args, [main]: text } };
    },
  };
}

/** The name of the argument that says it all. */
function mainText(call: Call): string | undefined {
  const names = Object.keys(call.arguments);
  const { kind } = describeCall(call);
  if (kind === 'command') return 'command';
  if (kind === 'python') return names.includes('code_block') ? 'code_block' : 'code';
  return names.length === 1 ? names[0] : undefined;
}

function asJson(args: Call['arguments']): EditableArguments {
  const original = JSON.stringify(args);
  return {
    name: 'arguments as JSON',
    text: escapeControls(JSON.stringify(args, null, 2)),
    read: (text) => {
      try {
        const value: unknown = JSON.parse(text);
        if (!isRecord(value)) return { kind: 'problem', message: 'The arguments have to be one JSON object: { … }.' };
        return JSON.stringify(value) === original ? { kind: 'same' } : { kind: 'edited', arguments: value };
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return { kind: 'problem', message: `This is not JSON yet: ${showControls(why)}.` };
      }
    },
  };
}
