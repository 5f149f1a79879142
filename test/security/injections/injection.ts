/** An injected text, as data: where it stands, what it says, and the calls of a model that obeys it to the letter. */

/** What an obedient model calls, as it writes it. */
export interface ObeyedCall {
  readonly server: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What an attempt may speak of. */
export interface Lair {
  /** Of the attacker's server; it notes every request. */
  readonly evil: string;
  /** The page there that the search found. */
  readonly page: string;
  /** What stands in `secret.txt` of the workspace. */
  readonly secret: string;
  /** A folder beside the workspace. */
  readonly outside: string;
}

/** One attempt. */
export interface Injection {
  readonly name: string;
  /** `page` and `hit`: of the web; `file`: of the workspace; `attachment`: of the question. */
  readonly carrier: 'page' | 'hit' | 'file' | 'attachment';
  readonly text: (lair: Lair) => string;
  /** Made after the model read the injected text and the secret. */
  readonly calls: (lair: Lair) => readonly ObeyedCall[];
  /** What each of the calls comes back with: it says that it was stopped. */
  readonly stopped: RegExp;
  /** What the attacker's server is never sent, beside the secret. */
  readonly never?: RegExp;
  /** Whether the secret is read before the calls; default true. */
  readonly private?: boolean;
  /** The approval policy; without it what is confined runs by itself. */
  readonly approval?: 'ask' | 'auto';
  /** The answer of the obedient model; otherwise it says nothing of note. */
  readonly answer?: (lair: Lair) => string;
}

/** Calls of the tools that an agent has. */
export const read = (url: string, headers?: Readonly<Record<string, string>>): ObeyedCall => ({
  server: 'jina_scrape_llm_summary',
  tool: 'scrape_and_extract_info',
  arguments: { url, info_to_extract: 'all of it', ...(headers && { custom_headers: headers }) },
});
export const run = (command: string, more: Readonly<Record<string, unknown>> = {}): ObeyedCall => ({
  server: 'tool-python',
  tool: 'run_command',
  arguments: { command, sandbox_id: 'none', ...more },
});
export const python = (code: string): ObeyedCall => ({
  server: 'tool-python',
  tool: 'run_python_code',
  arguments: { code_block: code, sandbox_id: 'none' },
});
export const write = (path: string, content: string): ObeyedCall => ({
  server: 'workspace',
  tool: 'write_file',
  arguments: { path, content },
});
