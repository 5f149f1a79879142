/** Names of foreign servers and tools: safe in prompts and calls, and nobody else's. */
import { nativeName } from '../../agent/toolNames.ts';

/** Servers of our own tools, and those that models know from their training. */
export const ownServers: ReadonlySet<string> = new Set([
  'tool-python',
  'workspace',
  'vscode',
  'plan',
  'agent',
  'tool-reading',
  'tool-reader',
  'tool-vqa',
  'tool-transcribe',
  'tool-reasoning',
  'tool-code',
  'tool-google-search',
  'tool-sogou-search',
  'search_and_scrape_webpage',
  'jina_scrape_llm_summary',
  'agent-browsing',
  'agent-worker',
]);

/** Names of our own tools: a foreign one of the same name would be taken for it, by people, rules and models. */
export const ownTools: ReadonlySet<string> = new Set([
  ...['create_sandbox', 'run_command', 'run_python_code', 'upload_file_from_local_to_sandbox'],
  ...['download_file_from_internet_to_sandbox', 'download_file_from_sandbox_to_local', 'read_output'],
  ...[
    'list_files',
    'read_file',
    'search_files',
    'write_file',
    'edit_file',
    'edit_notebook',
    'delete_file',
    'move_file',
  ],
  ...['search_and_browse', 'google_search', 'sogou_search', 'scrape_website', 'scrape_and_extract_info'],
  ...['read_document', 'search_workspace', 'update_plan'],
]);

/** The longest name that model servers take for a function. */
const maxNativeChars = 64;
const maxServerChars = 24;

/** A name for a server that none of `taken` has; it is added there. */
export function serverName(name: string, taken: Set<string>): string {
  const plain = safe(name).slice(0, maxServerChars) || 'server';
  return unique(ownServers.has(plain) ? `mcp-${plain}` : plain, taken, maxServerChars + 4);
}

/** A name for a tool of `server`; `taken` holds the native names of all foreign tools so far. */
export function toolName(server: string, name: string, taken: Set<string>): string {
  const room = maxNativeChars - server.length - 1;
  const plain = safe(name) || 'tool';
  const own = ownTools.has(plain) ? `${safe(server)}_${plain}` : plain;
  for (let count = 1; ; count++) {
    const ending = count === 1 ? '' : `_${count}`;
    const candidate = `${own.slice(0, room - ending.length)}${ending}`;
    const native = nativeName(server, candidate);
    if (taken.has(native)) continue;
    taken.add(native);
    return candidate;
  }
}

/** Whether a pattern names the tool, with its server; `*` stands for any part. */
export function isNamed(patterns: readonly string[], server: string, tool: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.trim().split('*');
    const whole = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*');
    return new RegExp(`^${whole}$`, 's').test(`${server}.${tool}`);
  });
}

function unique(name: string, taken: Set<string>, maxChars: number): string {
  for (let count = 1; ; count++) {
    const ending = count === 1 ? '' : `_${count}`;
    const candidate = `${name.slice(0, maxChars - ending.length)}${ending}`;
    if (taken.has(candidate.toLowerCase())) continue;
    taken.add(candidate.toLowerCase());
    return candidate;
  }
}

function safe(name: string): string {
  return name
    .normalize('NFKC')
    .replace(/[^A-Za-z0-9_-]+/g, '_')
    .replace(/^_+(?=.)|(?<=.)_+$/g, '');
}
