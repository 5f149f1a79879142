/** The slips that models make in a call's names, and what they meant (agent-protocol: known slips). */
import type { ToolSchema } from '../shared/events.ts';
import type { RawCall } from './toolCalls.ts';

const toolAliases: Readonly<Record<string, string>> = { python: 'run_python_code', python_code: 'run_python_code' };

/** tool → wrong argument name → right one. */
const argumentAliases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  run_python_code: { code: 'code_block' },
  scrape_and_extract_info: { description: 'info_to_extract', introduction: 'info_to_extract' },
};

/** Gives a call the names that were meant, as far as that is unambiguous, and says what it mended. */
export function mendCall(call: RawCall, tools: readonly ToolSchema[]): { call: RawCall; mended: readonly string[] } {
  const mended: string[] = [];
  let { server, tool } = call;
  const known = (name: string) => tools.filter((candidate) => candidate.name === name);
  const alias = toolAliases[tool];
  if (known(tool).length === 0 && alias && known(alias).length > 0) {
    mended.push(`tool ${tool} → ${alias}`);
    tool = alias;
  }
  const named = known(tool);
  const [only] = named;
  if (only && named.length === 1 && only.server !== server) {
    if (server) mended.push(`server ${server} → ${only.server}`);
    server = only.server;
  }
  const args = mendArguments(call.arguments, argumentAliases[tool] ?? {}, mended);
  return { call: { server, tool, arguments: args }, mended };
}

function mendArguments(
  args: RawCall['arguments'],
  aliases: Readonly<Record<string, string>>,
  mended: string[],
): RawCall['arguments'] {
  const entries = Object.entries(args).map(([name, value]) => {
    const right = aliases[name];
    if (!right || right in args) return [name, value] as const;
    mended.push(`argument ${name} → ${right}`);
    return [right, value] as const;
  });
  return Object.fromEntries(entries);
}
