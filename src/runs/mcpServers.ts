/** The MCP servers that configurations name, each with what a person decided of it. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UserError, messageOf } from '../agent/errors.ts';
import { showControls } from '../shared/visibleText.ts';
import type { SessionOptions, Target } from '../tools/mcp/client.ts';
import type { Connection } from '../tools/mcp/connection.ts';
import { parseCommentedJson } from '../tools/mcp/commentedJson.ts';
import { serverList, type InputDefinition, type ServerDefinition } from '../tools/mcp/definition.ts';
import { withEnvironmentFile } from '../tools/mcp/environmentFile.ts';
import { changedParts, fingerprint, type Fingerprint } from '../tools/mcp/fingerprint.ts';
import { serverEnvironment } from '../tools/mcp/serverProcess.ts';
import { completed, environmentValue, placed, variablesLeft } from '../tools/mcp/variables.ts';
import type { McpSource, McpSurroundings, TrustQuestion } from './mcpSurroundings.ts';

/** A server that is configured. */
export interface FoundServer {
  /** Where trust in it is kept. */
  readonly key: string;
  readonly name: string;
  readonly source: McpSource;
  readonly inputs: readonly InputDefinition[];
  /** With folders filled in and its environment file read. */
  readonly definition: ServerDefinition;
  readonly cwd: string;
  readonly fingerprint: Fingerprint;
  /** `new`: nobody was asked; `changed`: it is not what was trusted. */
  readonly trust: 'trusted' | 'refused' | 'new' | 'changed';
  /** What changed, in words. */
  readonly changes: string;
}

/** `problems`: configurations and servers that cannot be used, in a person's words. */
export interface FoundServers {
  readonly servers: readonly FoundServer[];
  readonly problems: readonly string[];
}

type Roots = readonly { readonly name: string; readonly path: string }[];

/** Reads every configuration. Nothing is started. Throws UserError for a file that a person named and that is not there. */
export async function findServers(
  { sources, trust }: Pick<McpSurroundings, 'sources' | 'trust'>,
  roots: Roots,
): Promise<FoundServers> {
  const records = await trust.records();
  const found = await Promise.all(
    sources.map(async (source): Promise<FoundServers> => {
      const value = await valueOf(source);
      if (value.kind === 'none') return { servers: [], problems: [] };
      if (value.kind === 'broken') return { servers: [], problems: [`${source.label} cannot be read: ${value.why}`] };
      const list = serverList(value.value);
      const problems = list.problems.map((problem) => showControls(`${source.label}: ${problem}`));
      const servers = await Promise.all(
        [...list.servers].map(async ([name, definition]) => {
          try {
            return await serverOf({ name, definition, source, inputs: list.inputs }, records, roots);
          } catch (error) {
            if (!(error instanceof UserError)) throw error;
            problems.push(showControls(`${source.label}: server "${name}": ${error.message}`));
            return [];
          }
        }),
      );
      return { servers: servers.flat(), problems };
    }),
  );
  return {
    servers: found.flatMap(({ servers }) => servers),
    problems: found.flatMap(({ problems }) => problems),
  };
}

async function serverOf(
  named: Pick<FoundServer, 'name' | 'definition' | 'source' | 'inputs'>,
  records: Awaited<ReturnType<McpSurroundings['trust']['records']>>,
  roots: Roots,
): Promise<FoundServer> {
  const { name, source } = named;
  const inPlace = placed(named.definition, { folder: source.folder, roots });
  const definition = await withEnvironmentFile(inPlace, source.folder);
  const cwd = resolve(source.folder, (definition.kind === 'stdio' ? definition.cwd : undefined) ?? '.');
  const paths = roots.map(({ path }) => path);
  const print = await fingerprint(definition, cwd, paths);
  const key = JSON.stringify([source.id, name]);
  const before = records[key];
  const same = before?.hash === print.hash;
  const trust = !before ? 'new' : !same ? 'changed' : before.trusted ? 'trusted' : 'refused';
  const changes = before && !same ? changedParts(before.parts, print.parts) : '';
  return { ...named, key, definition, cwd, fingerprint: print, trust, changes };
}

/** What a person is asked of it. */
export function questionOf({ name, source, definition, cwd, changes }: FoundServer): TrustQuestion {
  return { name, label: source.label, definition, cwd, changes };
}

/** What is started or reached, with every variable filled in. Throws UserError that says what is missing. */
async function targetOf(server: FoundServer, { env, input }: McpSurroundings): Promise<Target> {
  const { name, source, inputs, cwd } = server;
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const { kind, name: id } of variablesLeft(server.definition)) {
    const whole = `\${${kind}${id === '' ? '' : `:${id}`}}`;
    const asked = kind === 'input' ? inputOf(id, inputs, source) : undefined;
    const value =
      kind === 'env' ? environmentValue(env, id) : asked && ((await input(source, asked, name)) ?? asked.default);
    if (value === undefined) missing.push(`${whole} ${reasonFor(kind, asked)}`);
    else values.set(`${kind}:${id}`, value);
  }
  if (missing.length > 0) throw new UserError(missing.join('; '));
  const definition = completed(server.definition, (kind, id) => values.get(`${kind}:${id}`));
  if (definition.kind === 'stdio') {
    return {
      kind: 'stdio',
      command: definition.command,
      args: definition.args,
      cwd,
      env: serverEnvironment(env, definition.env),
    };
  }
  const url = URL.parse(definition.url);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UserError(`its address "${definition.url}" does not begin with http:// or https://`);
  }
  return definition;
}

/** Connects to a server that is trusted; `name` is its name among servers. Throws UserError that says why it is not there. */
export async function openServer(
  server: FoundServer,
  name: string,
  mcp: McpSurroundings,
  options: Omit<SessionOptions, 'timeoutMs'>,
): Promise<Connection> {
  // Loaded with the first connection.
  const { Connection, failureWords } = await import('../tools/mcp/connection.ts');
  try {
    const target = await targetOf(server, mcp);
    return await Connection.open(`MCP server ${name}`, target, { ...options, timeoutMs: mcp.startMs });
  } catch (error) {
    options.signal.throwIfAborted();
    throw new UserError(failureWords(error));
  }
}

/** Settings have no place for inputs: what they name is asked for as a secret. */
function inputOf(id: string, inputs: readonly InputDefinition[], { from }: McpSource): InputDefinition | undefined {
  const undeclared = from.kind === 'value' ? ({ id, type: 'promptString', password: true } as const) : undefined;
  return inputs.find((one) => one.id === id) ?? undeclared;
}

function reasonFor(kind: string, asked: InputDefinition | undefined): string {
  if (kind === 'env') return 'is not set in the environment';
  if (kind !== 'input') return 'is a variable that is not known here';
  return asked ? 'was not given' : 'is not among its inputs';
}

const maxBytes = 1_000_000;

type Read =
  | { readonly kind: 'none' }
  | { readonly kind: 'broken'; readonly why: string }
  | { readonly kind: 'value'; readonly value: unknown };

async function valueOf({ from, label }: McpSource): Promise<Read> {
  if (from.kind === 'value') return from;
  try {
    // A FIFO in its place must not hold the run up.
    const handle = await open(from.path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      if (!stat.isFile() || stat.size > maxBytes)
        return { kind: 'broken', why: `it is no file of at most ${maxBytes} bytes` };
      return { kind: 'value', value: parseCommentedJson(await handle.readFile('utf8')) };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const gone = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
    if (gone && from.optional) return { kind: 'none' };
    if (!from.optional) throw new UserError(`${label} cannot be read: ${messageOf(error)}.`);
    return { kind: 'broken', why: messageOf(error) };
  }
}
