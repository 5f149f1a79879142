/** What the tools of the sandbox have in common: ids that mean no sandbox, and how a result is told. */
import { countOf, formatBytes } from '../shared/quantities.ts';
import { shownOutputChars, type ToolContext } from '../agent/tool.ts';
import type { Shell, Storage } from './shell.ts';

/** Ids that models make up where they want no particular sandbox (agent-protocol: placeholder ids). */
const placeholder =
  /^(?:<.*>|(?:my|some|your|new|the|a|temp|tmp|dummy|test|python|default|create|code)?[-_ ]?(?:sandbox|sbx)?[-_ ]?(?:id|env|default)?[-_ ]?\d{0,6}|default|none|null|undefined|nil|auto|new|temp|tmp|dummy|test|python|stateless|unknown|n\/a|-)$/i;

/** How much of a long output's end is shown before it, in characters. */
const previewChars = 2000;

/** A call's place: its sandbox, or none for a placeholder; and where its output goes. */
export function callPlace(sandboxId: string | undefined, { callId, unconfined, openOutput }: ToolContext) {
  const id = sandboxId?.trim() ?? '';
  return { callId, unconfined, openOutput, ...(placeholder.test(id) ? {} : { sandboxId: id }) };
}

/** Why a call asks although the policy would not; undefined where it is confined. */
export function unconfinedReason(shell: Shell): string | undefined {
  const confinement = shell.confinement();
  return confinement.kind === 'works' ? undefined : `It would run without confinement. ${confinement.message}`;
}

/**
 * One stream of output under its name. A long one's end comes first, since the loop cuts what is too long (agent-protocol:
 * result truncation). `size` is that of the whole, of which the text may be a part.
 */
export function section(name: string, text: string, size?: { readonly lines: number; readonly bytes: number }): string {
  const trimmed = text.replace(/\n+$/, '');
  if (trimmed === '') return '';
  if (trimmed.length <= shownOutputChars) return `${name}:\n${trimmed}`;
  const from = trimmed.indexOf('\n', trimmed.length - previewChars) + 1;
  const end = trimmed.slice(from === 0 ? -previewChars : from);
  const long = size ? `${countOf(size.lines, 'line')}, ${formatBytes(size.bytes)}` : `${trimmed.length} characters`;
  return `${name} is long (${long}). Its end:\n${end}\n\n${name} from its beginning:\n${trimmed}`;
}

/** Where the rest of a long output is; empty when all of it is shown. */
export function wholeOutput({ kept, notKept }: Storage, omittedBytes: number, { callId }: ToolContext): string {
  if (notKept !== undefined) return `Only a part of the output is left. ${notKept}`;
  if (!kept) return omission(omittedBytes);
  const missing = kept.omittedBytes > 0 ? ` but for ${formatBytes(kept.omittedBytes)} from its middle` : '';
  return `The whole output is stored${missing}: read_output with call "${callId}" pages through it and searches it.`;
}

/** How the output was truncated before it came here; empty when it was not. */
function omission(omittedBytes: number): string {
  if (omittedBytes === 0) return '';
  return `${formatBytes(omittedBytes)} from the middle of the output were not kept.`;
}

/** Lines that are not empty, joined. */
export function report(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
