/** Calls whose arguments a person edited before they ran: what the model is told of it, and the observation without that. */
import type { CallRequest } from './events.ts';
import type { Call } from './items.ts';

/** The words that stand before the observation of an edited call. */
export function editedWords(edited: CallRequest['arguments'], note?: string): string {
  return `The person changed the arguments of this call before it ran, to ${JSON.stringify(edited)}.${note ? ` They say: ${note}` : ''}\n\n`;
}

/** The call with its observation as the tool gave it: what a person changed is shown to them in another way. */
export function withoutEditedWords(call: Call): Call {
  if (!call.requested || call.content === undefined) return call;
  const words = editedWords(call.arguments, call.approval?.note);
  return call.content.startsWith(words) ? { ...call, content: call.content.slice(words.length) } : call;
}
