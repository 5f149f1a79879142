/**
 * What the reader writes into its thoughts, and reads back from them: older observations go out of view, thoughts stay.
 * One line a thing; printing and reading are each other's inverse.
 */

/** A place worth opening. */
export interface Spot {
  readonly path: string;
  readonly line: number;
}

/** A passage worth quoting. */
export interface Note extends Spot {
  /** How well it fits the question; 1 for one that holds every term. */
  readonly score: number;
  readonly endLine: number;
  readonly text: string;
}

/** A page of the web. */
export interface Page {
  readonly uri: string;
  readonly title: string;
}

/** All that the reader keeps of its work on one question. */
export interface Memory {
  /** Files that hold each term, by its name. */
  readonly files: ReadonlyMap<string, number>;
  /** Files that were searched. */
  readonly fileCount: number;
  /** Best first as found, those of the newest search before older ones. */
  readonly spots: readonly Spot[];
  readonly opened: readonly Spot[];
  readonly notes: readonly Note[];
  /** Words that the follow-up search adds. */
  readonly learned: readonly string[];
  /** Documents that a search found, the best first; of a PDF with the page. */
  readonly documents: readonly Spot[];
  /** What a search of the web found. */
  readonly pages: readonly Page[];
}

/** A thought in the reader's words, from which `recall` gets the same back. */
export function written(memory: Partial<Memory>): string {
  const { files, fileCount, spots = [], opened = [], notes = [], learned = [], documents = [], pages = [] } = memory;
  return [
    ...(fileCount === undefined ? [] : [`Files searched: ${fileCount}`]),
    ...[...(files ?? [])].map(([name, count]) => `Term “${name}” is in ${count} files`),
    ...(learned.length > 0 ? [`Learned: ${learned.join(' ')}`] : []),
    ...spots.map(({ path, line }) => `To open: ${path}:${line}`),
    ...documents.map(({ path, line }) => `Document: ${path}:${line}`),
    ...pages.map(({ uri, title }) => `Page: [${uri}] ${title}`),
    ...opened.map(({ path, line }) => `Opened: ${path}:${line}`),
    ...notes.map(
      ({ score, path, line, endLine, text }) => `Noted (${score.toFixed(3)}) [${path}:${line}-${endLine}] ${text}`,
    ),
  ].join('\n');
}

/** What all thoughts on a question hold together. */
export function recall(thoughts: readonly string[]): Memory {
  const lines = thoughts.flatMap((thought) => thought.split('\n'));
  const all = (form: RegExp) => lines.map((line) => form.exec(line)).filter((match) => match !== null);
  return {
    files: new Map(all(/^Term “(.*)” is in (\d+) files$/).map(([, name = '', count]) => [name, Number(count)])),
    fileCount: Math.max(0, ...all(/^Files searched: (\d+)$/).map(([, count]) => Number(count))),
    spots: thoughts.toReversed().flatMap((thought) => spotsIn(thought, /^To open: (.*):(\d+)$/)),
    opened: thoughts.flatMap((thought) => spotsIn(thought, /^Opened: (.*):(\d+)$/)),
    notes: all(/^Noted \(([\d.]+)\) \[([^\]]*):(\d+)-(\d+)\] (.*)$/).map(
      ([, score, path = '', line, endLine, text = '']) => ({
        score: Number(score),
        path,
        line: Number(line),
        endLine: Number(endLine),
        text,
      }),
    ),
    documents: thoughts.toReversed().flatMap((thought) => spotsIn(thought, /^Document: (.*):(\d+)$/)),
    pages: all(/^Page: \[([^\]]*)\] (.*)$/).map(([, uri = '', title = '']) => ({ uri, title })),
    learned: all(/^Learned: (.*)$/).flatMap(([, words = '']) => words.split(' ')),
  };
}

function spotsIn(thought: string, form: RegExp): readonly Spot[] {
  return thought.split('\n').flatMap((text) => {
    const [, path, line] = form.exec(text) ?? [];
    return path === undefined ? [] : [{ path, line: Number(line) }];
  });
}
