/** The names of tools as models write them: with their server before them, or without. */
import type { ToolSchema } from '../shared/events.ts';

/** A tool's function name in native calls: `server-tool`, in the characters that servers take. */
export function nativeName(server: string, tool: string): string {
  return `${server}-${tool}`.replace(/[^A-Za-z0-9_-]/g, '_');
}

/** A tool on a server; the server may be empty where it was not named. */
export interface ToolPlace {
  readonly server: string;
  readonly tool: string;
}

const separators = ['-', '.', '/', '__', ':'];

/** What a name means: `server-tool`, `server.tool`, `server/tool` or the bare tool, preferably one that there is. */
export function placeOf(server: string, written: string, tools: readonly ToolSchema[]): ToolPlace {
  const name = written.trim();
  if (tools.some((tool) => tool.name === name)) return { server, tool: name };
  const whole = tools.find(
    (tool) =>
      nativeName(tool.server, tool.name) === name ||
      separators.some((separator) => `${tool.server}${separator}${tool.name}` === name),
  );
  if (whole) return { server: whole.server, tool: whole.name };
  const split = /^(.+)(?:[-./:]|__)(.+)$/.exec(name);
  const [, head = '', tail = ''] = split ?? [];
  const known = tools.some((tool) => tool.name === tail);
  return split && (known || server === '') ? { server: server || head, tool: tail } : { server, tool: name };
}
