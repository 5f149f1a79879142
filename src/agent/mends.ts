/** The slips that models make in a call's names, and what they meant (agent-protocol: known slips). */
import type { ToolSchema } from '../shared/events.ts';

/** A call before it is checked: names as the model wrote them. */
export interface RawCall {
  readonly server: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

const toolAliases: ReadonlyMap<string, string> = new Map([
  ['python', 'run_python_code'],
  ['python_code', 'run_python_code'],
]);

/** tool → wrong argument name → right one. */
const argumentAliases: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['run_python_code', new Map([['code', 'code_block']])],
  [
    'scrape_and_extract_info',
    new Map([
      ['description', 'info_to_extract'],
      ['introduction', 'info_to_extract'],
    ]),
  ],
]);

/** Gives a call the names that were meant, as far as that is unambiguous, and says what it mended. */
export function mendCall(call: RawCall, tools: readonly ToolSchema[]): { call: RawCall; mended: readonly string[] } {
  const mended: string[] = [];
  let { server, tool } = call;
  const known = (name: string) => tools.filter((candidate) => candidate.name === name);
  const alias = toolAliases.get(tool);
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
  const aliased = mendArguments(call.arguments, argumentAliases.get(tool) ?? new Map(), mended);
  const args = withSandbox(
    aliased,
    known(tool).find((candidate) => candidate.server === server),
    mended,
  );
  return { call: { server, tool, arguments: args }, mended };
}

function mendArguments(
  args: RawCall['arguments'],
  aliases: ReadonlyMap<string, string>,
  mended: string[],
): RawCall['arguments'] {
  const entries = Object.entries(args).map(([name, value]) => {
    const right = aliases.get(name);
    if (!right || Object.hasOwn(args, right)) return [name, value] as const;
    mended.push(`argument ${name} → ${right}`);
    return [right, value] as const;
  });
  return Object.fromEntries(entries);
}

/** An id that stands for none: the code runs by itself (agent-protocol: tools of the recommended configuration). */
const statelessSandbox = 'default';

function withSandbox(args: RawCall['arguments'], tool: ToolSchema | undefined, mended: string[]): RawCall['arguments'] {
  const required = tool?.name === 'run_python_code' ? tool.inputSchema['required'] : undefined;
  if (!Array.isArray(required) || !required.includes('sandbox_id') || args['sandbox_id'] !== undefined) return args;
  mended.push(`argument sandbox_id: none → ${statelessSandbox}`);
  return { ...args, sandbox_id: statelessSandbox };
}
