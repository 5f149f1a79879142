/**
 * The embedded reader's score over Python's documentation (Debian's package python3-doc, copied into a workspace), each
 * question through the real loop and the real workspace tools. Answered: the quotes of the answer hold the gold string, as
 * docText.ts compares them. The reader's constants are tuned on the 30 and the 10, so their score says more than it would on
 * other questions: the held-out ones and those for development, in two halves, tell what to expect there. With ids as
 * arguments only those development questions are asked, and their answers printed to stderr.
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/agent/loop.ts';
import { embeddedReader } from '../../src/model/embedded/reader.ts';
import { workspaceTools } from '../../src/tools/index.ts';
import { openWorkspace } from '../../src/tools/workspace.ts';
import { world } from '../agent/world.ts';
import { plainText } from './docText.ts';
import { developmentQuestions, pythonDocs, readerQuestions, type Answerable } from './readerQuestions.ts';

const only = process.argv.slice(2);
const docs = await pythonDocs();
if (!docs) {
  process.stderr.write(
    'The reader is measured over python3-doc, which is not installed: apt-get install python3-doc\n',
  );
  process.exit(1);
}
const folder = await mkdtemp(join(tmpdir(), 'bench-reader-'));
try {
  await cp(docs, folder, { recursive: true, dereference: true });
  const tools = workspaceTools(await openWorkspace([folder]));
  const ask = async (question: string): Promise<string | undefined> => {
    const { ports, start, events } = world(embeddedReader, tools);
    await run(await start(question), ports, new AbortController().signal);
    if (only.length > 0) process.stderr.write(`${JSON.stringify(events.slice(-3), null, 2)}\n`);
    return events.find((event) => event.type === 'answer.given')?.text;
  };
  const answered = async ({ question, gold }: Answerable) =>
    quotesIn((await ask(question)) ?? '').some((quote) => quote.includes(plainText(gold)));
  const declined = async ({ question }: { question: string }) => (await ask(question)) === undefined;
  const { questions, unanswerable, heldOut } = readerQuestions;
  if (only.length === 0) {
    print('reader.answered', await count(questions, answered), questions.length);
    print('reader.unanswerable', await count(unanswerable, declined), unanswerable.length);
    print('reader.heldOut', await count(heldOut, answered), heldOut.length);
  }
  const wanted = developmentQuestions.questions.filter(({ id }) => only.length === 0 || only.includes(id));
  const halves = [0, 1].map((half) => wanted.filter((_, index) => index % 2 === half));
  for (const [half, some] of halves.entries()) {
    print(`reader.development.${half === 0 ? 'even' : 'odd'}`, await count(some, answered, tell), some.length);
  }
  const without = developmentQuestions.unanswerable.filter(({ id }) => only.length === 0 || only.includes(id));
  print('reader.developmentUnanswerable', await count(without, declined, tell), without.length);
} finally {
  await rm(folder, { recursive: true });
}

/** How many pass; `missed` is told of the others. */
async function count<T extends { id: string }>(
  all: readonly T[],
  passes: (one: T) => Promise<boolean>,
  missed: (id: string) => void = () => undefined,
): Promise<number> {
  let passed = 0;
  for (const one of all) {
    if (await passes(one)) passed++;
    else missed(one.id);
  }
  return passed;
}

/** The quotes of an answer, without their places. */
function quotesIn(text: string): readonly string[] {
  return [...text.matchAll(/^- “(.*)” \[[^\]]+:\d+\]$/gm)].map(([, quote = '']) => plainText(quote));
}

function tell(id: string): void {
  process.stderr.write(`missed: ${id}\n`);
}

function print(name: string, value: number, of: number): void {
  process.stdout.write(`${JSON.stringify({ name, value, unit: `of ${of}`, better: 'higher' })}\n`);
}
