/**
 * The embedded reader's score over Python's documentation (Debian's package python3-doc, copied into a workspace), each
 * question through the real loop and the real workspace tools. Answered: the quotes of the answer hold the gold string, as
 * docText.ts compares them. With ids as arguments only those questions are asked and their answers printed to stderr.
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
import { pythonDocs, readerQuestions, type Answerable } from './readerQuestions.ts';

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
  const answered = async ({ id, question, gold }: Answerable) =>
    tell(
      id,
      quotesIn((await ask(question)) ?? '').some((quote) => quote.includes(plainText(gold))),
    );
  const declined = async ({ id, question }: { id: string; question: string }) =>
    tell(id, (await ask(question)) === undefined);
  print('reader.answered', await count(readerQuestions.questions, answered), readerQuestions.questions.length);
  print(
    'reader.unanswerable',
    await count(readerQuestions.unanswerable, declined),
    readerQuestions.unanswerable.length,
  );
  print('reader.heldOut', await count(readerQuestions.heldOut, answered), readerQuestions.heldOut.length);
} finally {
  await rm(folder, { recursive: true });
}

async function count<T extends { id: string }>(
  all: readonly T[],
  passes: (one: T) => Promise<boolean>,
): Promise<number> {
  let passed = 0;
  for (const one of all) {
    if (only.length > 0 && !only.includes(one.id)) continue;
    if (await passes(one)) passed++;
  }
  return passed;
}

/** The quotes of an answer, without their places. */
function quotesIn(text: string): readonly string[] {
  return [...text.matchAll(/^- “(.*)” \[[^\]]+:\d+\]$/gm)].map(([, quote = '']) => plainText(quote));
}

function tell(id: string, passed: boolean): boolean {
  if (!passed) process.stderr.write(`missed: ${id}\n`);
  return passed;
}

function print(name: string, value: number, of: number): void {
  process.stdout.write(`${JSON.stringify({ name, value, unit: `of ${of}`, better: 'higher' })}\n`);
}
