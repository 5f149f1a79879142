/** search_workspace: full text over the workspace's text files, PDFs and Office documents. */
import { z } from 'zod';
import { ToolError } from '../../agent/errors.ts';
import { defineTool, type FoundSource, type Tool } from '../../agent/tool.ts';
import { countOf } from '../../shared/quantities.ts';
import type { Workspace } from '../workspace.ts';
import type { FoundPassage } from './passageIndex.ts';
import { isDocument, mayHoldWords } from './readForIndex.ts';
import { silentWords } from './silentFiles.ts';
import { queryParts, searchable, wordsIn } from './words.ts';
import type { SearchAnswer, WorkspaceIndex } from './workspaceIndex.ts';

const description = `Searches the workspace's documents by words (full text, ranked by BM25; word endings do not matter): text files, source code, PDF, Word, PowerPoint and Excel files, OpenDocument, EPUB and RTF. Gives the best passages, each with its file and line, or its page or section. Say what you look for in the words that the text would use; "quoted words" have to stand together. For a regular expression, or every single match, use search_files. Files that .gitignore names are passed over.`;

const input = z.object({
  query: z.string().min(1).describe('Words to look for'),
  path: z.string().optional().describe('Only files whose path matches this glob, such as docs/** or *.pdf'),
  limit: z.number().int().min(1).max(50).optional().describe('Passages to give; default 10'),
});

/** Characters of a passage that are shown. */
const shownChars = 700;

/** Passages of the workspace that fit a query, best first. */
export function searchWorkspaceTool(workspace: Workspace, index: Pick<WorkspaceIndex, 'search'>): Tool {
  return defineTool({
    server: 'workspace',
    name: 'search_workspace',
    description,
    input,
    effect: 'read',
    query: ({ query, path }) => {
      return typeof query === 'string' ? `${query} ${typeof path === 'string' ? path : ''}`.trim() : undefined;
    },
    run: async ({ query, path, limit = 10 }, { signal }) => {
      if (queryParts(query).length === 0) throw new ToolError('The query has no words in it.');
      const answer = await index.search(query, globOf(path), limit, signal);
      const remarks = [partly(answer), ...notRead(workspace, answer), await unsavedOf(workspace, answer)].filter(
        (remark) => remark !== '',
      );
      const { files, pending, unread, silent } = answer;
      const searched = countOf(Math.max(0, files - pending - unread.length - silent.length), 'file');
      if (files === 0 && remarks.length === 0) return { content: noFile(path) };
      if (answer.passages.length === 0) {
        const nothing = `Nothing in ${searched} fits "${query}".`;
        const content = [nothing, ...remarks, 'Try other words, or search_files with a pattern.'].join('\n');
        const isWhole = pending === 0 && unread.length === 0 && !silent.some(mayHoldWords);
        return { content, ...(isWhole && { rollback: nothing }) };
      }
      const wanted = new Set(wordsIn(searchable(query)));
      const shown = answer.passages.map((passage) => shownPassage(workspace, passage, wanted));
      const count = countOf(shown.length, 'passage');
      const head = `${count} of ${searched}, best first:`;
      return {
        content: [head, ...shown.map(({ text }) => text), ...remarks].join('\n\n'),
        sources: shown.map(({ source }) => source),
      };
    },
  });
}

function noFile(path: string | undefined): string {
  return path === undefined
    ? 'There is no file to search in the workspace.'
    : `There is no file to search at "${path}". list_files shows what there is.`;
}

/** A folder that is named means all that is in it. */
function globOf(path: string | undefined): string | undefined {
  const given = path?.trim().replace(/^\.\//, '');
  if (given === undefined || ['', '.', '*', '**', '**/*'].includes(given)) return undefined;
  return given.endsWith('/') ? `${given}**` : given;
}

function partly({ pending, cut }: SearchAnswer): string {
  if (pending > 0) {
    return `[${countOf(pending, 'file')} not read yet; reading goes on. Search again later for what they hold.]`;
  }
  return cut ? '[The workspace has more files than are searched. Name a folder with path.]' : '';
}

function notRead({ show }: Workspace, { unread, begun, silent }: SearchAnswer): readonly string[] {
  const named = (paths: readonly string[]) => {
    const more = paths.length > 5 ? ` and ${paths.length - 5} more` : '';
    return `${paths.slice(0, 5).map(show).join(', ')}${more}`;
  };
  return [
    unread.length > 0 ? `[${countOf(unread.length, 'file')} could not be read: ${named(unread)}.]` : '',
    begun.length > 0
      ? `[Large: of ${named(begun)} only the beginning was searched. search_files searches all of a text.]`
      : '',
    silentWords(silent.map(show)),
  ];
}

async function unsavedOf({ documents, show }: Workspace, { passages }: SearchAnswer): Promise<string> {
  const paths = new Set(passages.map(({ path }) => path));
  const unsaved = (await documents.unsaved()).filter((path) => paths.has(path));
  if (unsaved.length === 0) return '';
  return `[Unsaved changes in the editor were not searched: ${unsaved.slice(0, 5).map(show).join(', ')}. read_file shows them.]`;
}

interface Shown {
  readonly text: string;
  readonly source: FoundSource;
}

/** The part of a passage that holds the most of what was asked for, under the place where it stands. */
function shownPassage(workspace: Workspace, passage: FoundPassage, wanted: ReadonlySet<string>): Shown {
  const path = workspace.show(passage.path);
  const lines = passage.text.split('\n');
  const from = firstShown(lines, wanted);
  const text = cutAt(lines.slice(from).join('\n'), shownChars);
  const line = passage.line + from;
  const source = { uri: path, kind: 'file', retrievedAt: Date.now(), text, spans: [] } as const;
  if (passage.page !== undefined) {
    return { text: `${path}, page ${passage.page}${under(passage)}:\n${text}`, source };
  }
  if (passage.section !== undefined || isDocument(path)) return { text: `${path}${under(passage)}:\n${text}`, source };
  return { text: `${path}:${line}:\n${text}`, source: { ...source, startLine: line } };
}

function under({ section }: FoundPassage): string {
  return section === undefined || section === '' ? '' : `, section "${section}"`;
}

/** A passage that is short enough is shown whole. */
function firstShown(lines: readonly string[], wanted: ReadonlySet<string>): number {
  if (lines.join('\n').length <= shownChars) return 0;
  const worth = lines.map((line) => new Set(wordsIn(searchable(line)).filter((word) => isWanted(word, wanted))).size);
  const best = worth.indexOf(Math.max(...worth));
  return Math.max(0, best - 2);
}

/** Endings do not matter much. */
function isWanted(word: string, wanted: ReadonlySet<string>): boolean {
  return wanted.has(word) || (word.length > 4 && [...wanted].some((one) => one.slice(0, 5) === word.slice(0, 5)));
}

function cutAt(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
