/** What the tools of the sandbox have in common: ids that mean no sandbox, and how a result is told. */
import { formatBytes } from '../shared/quantities.ts';
import type { ToolContext } from '../agent/tool.ts';
import type { Shell } from './shell.ts';

/** Ids that models make up where they want no particular sandbox (agent-protocol: placeholder ids). */
const placeholder =
  /^(?:<.*>|(?:my|some|your|new|the|a|temp|tmp|dummy|test|python|default|create|code)?[-_ ]?(?:sandbox|sbx)?[-_ ]?(?:id|env|default)?[-_ ]?\d{0,6}|default|none|null|undefined|nil|auto|new|temp|tmp|dummy|test|python|stateless|unknown|n\/a|-)$/i;

/** How much of a long output's end is shown before it, in characters. */
const previewChars = 2000;
/** Outputs longer than this are cut by the loop (agent-protocol: result truncation), so their end is shown first. */
const longOutputChars = 18_000;

/** A call's place: its sandbox, or none for a placeholder. */
export function callPlace(sandboxId: string | undefined, { callId, unconfined }: ToolContext) {
  const id = sandboxId?.trim() ?? '';
  return { callId, unconfined, ...(placeholder.test(id) ? {} : { sandboxId: id }) };
}

/** Why a call asks although the policy would not; undefined where it is confined. */
export function unconfinedReason(shell: Shell): string | undefined {
  const confinement = shell.confinement();
  return confinement.kind === 'works' ? undefined : `It would run without confinement. ${confinement.message}`;
}

/** One stream of output under its name. A long one's end comes first: the rest of it is cut off for the model. */
export function section(name: string, text: string): string {
  const trimmed = text.replace(/\n+$/, '');
  if (trimmed === '') return '';
  if (trimmed.length <= longOutputChars) return `${name}:\n${trimmed}`;
  const from = trimmed.indexOf('\n', trimmed.length - previewChars) + 1;
  const end = trimmed.slice(from === 0 ? -previewChars : from);
  return `${name} is long (${trimmed.length} characters). Its end:\n${end}\n\n${name} from its beginning:\n${trimmed}`;
}

/** How the output was truncated before it came here; empty when it was not. */
export function omission(omittedBytes: number): string {
  if (omittedBytes === 0) return '';
  return `${formatBytes(omittedBytes)} from the middle of the output were not kept.`;
}

/** Lines that are not empty, joined. */
export function report(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
