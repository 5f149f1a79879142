/** MCP servers as configurations name them: VS Code's mcp.json, and the same shape elsewhere. */
import { z } from 'zod';

/** A program that is started and spoken to through its standard streams. */
export interface StdioServer {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** A file with more of the environment, as it was written. */
  readonly envFile?: string;
  readonly cwd?: string;
}

/** A server that is reached by its address; with `sse` the older transport alone is spoken there. */
export interface HttpServer {
  readonly kind: 'http';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly sse: boolean;
}

export type ServerDefinition = StdioServer | HttpServer;

/** Something that a person is asked for once, a key say. */
export type InputDefinition = z.infer<typeof inputSchema>;

/** What a configuration holds; `problems` says what of it cannot be used, in a person's words. */
export interface ServerList {
  readonly servers: ReadonlyMap<string, ServerDefinition>;
  readonly inputs: readonly InputDefinition[];
  readonly problems: readonly string[];
}

const value = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);
/** What is null is not set. */
const values = z
  .record(z.string(), value.nullable())
  .default({})
  .transform((all) =>
    Object.fromEntries(Object.entries(all).flatMap(([key, one]) => (one === null ? [] : [[key, one]]))),
  );

const stdioSchema = z.object({
  type: z.literal('stdio').exactOptional(),
  command: z.string().trim().min(1),
  args: z.array(value).readonly().default([]),
  env: values,
  envFile: z.string().min(1).exactOptional(),
  cwd: z.string().min(1).exactOptional(),
});

const httpSchema = z.object({
  type: z.enum(['http', 'sse', 'streamable-http', 'streamableHttp']).exactOptional(),
  url: z.string().min(1),
  headers: values,
});

const inputSchema = z
  .object({
    id: z.string().min(1),
    type: z.enum(['promptString', 'pickString', 'command']).catch('promptString'),
    description: z.string().exactOptional(),
    default: z.string().exactOptional(),
    password: z.boolean().exactOptional(),
    options: z.array(z.string()).readonly().exactOptional(),
  })
  .readonly();

const listSchema = z.looseObject({
  servers: z.record(z.string(), z.unknown()).optional(),
  // The name that other programs give the same.
  mcpServers: z.record(z.string(), z.unknown()).optional(),
  inputs: z.array(z.unknown()).optional(),
});

/** Reads a configuration. One server that does not fit leaves the others as they are. */
export function serverList(configuration: unknown): ServerList {
  const parsed = listSchema.safeParse(configuration);
  if (!parsed.success) return { servers: new Map(), inputs: [], problems: ['it is no object with "servers"'] };
  const { servers: named, mcpServers, inputs: asked = [] } = parsed.data;
  const servers = new Map<string, ServerDefinition>();
  const problems: string[] = [];
  for (const [name, one] of Object.entries({ ...mcpServers, ...named })) {
    const server = definitionOf(one);
    if (server === 'off') continue;
    if (typeof server === 'string') problems.push(`server "${name}": ${server}`);
    else servers.set(name, server);
  }
  const inputs = asked.flatMap((input) => {
    const result = inputSchema.safeParse(input);
    if (!result.success) problems.push(`an input does not fit: ${firstIssue(result.error)}`);
    return result.success ? [result.data] : [];
  });
  return { servers, inputs, problems };
}

const offSchema = z.looseObject({ disabled: z.literal(true) });

/** In words what is wrong; `off` where it is switched off. */
function definitionOf(one: unknown): ServerDefinition | string {
  if (offSchema.safeParse(one).success) return 'off';
  const remote = z.looseObject({ url: z.unknown() }).safeParse(one).success;
  if (remote) {
    const result = httpSchema.safeParse(one);
    if (!result.success) return firstIssue(result.error);
    const { type, url, headers } = result.data;
    return { kind: 'http', url, headers, sse: type === 'sse' };
  }
  const result = stdioSchema.safeParse(one);
  return result.success ? { kind: 'stdio', ...withoutType(result.data) } : firstIssue(result.error);
}

function withoutType({ type: _type, ...rest }: z.infer<typeof stdioSchema>) {
  return rest;
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'does not fit'}`.trim();
}

/** The definition with every text of it passed through `change`; names stay. */
export function mapTexts(definition: ServerDefinition, change: (text: string) => string): ServerDefinition {
  const all = (texts: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, change(text)]));
  if (definition.kind === 'http') {
    return { ...definition, url: change(definition.url), headers: all(definition.headers) };
  }
  const { envFile, cwd } = definition;
  return {
    ...definition,
    command: change(definition.command),
    args: definition.args.map(change),
    env: all(definition.env),
    ...(envFile !== undefined && { envFile: change(envFile) }),
    ...(cwd !== undefined && { cwd: change(cwd) }),
  };
}
