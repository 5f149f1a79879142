/** The reader's questions over Python's documentation, and where Debian's package `python3-doc` puts it. */
import { access } from 'node:fs/promises';
import { z } from 'zod';
import development from './readerDevelopment.json' with { type: 'json' };
import questions from './readerQuestions.json' with { type: 'json' };

const answerable = z.object({ id: z.string(), question: z.string(), gold: z.string(), file: z.string() });
const unanswerable = z.object({ id: z.string(), question: z.string() });

/** A question whose answer stands in the documentation; `gold` is part of it, `file` its page. */
export type Answerable = z.infer<typeof answerable>;

/** 30 questions and 10 without an answer: the demand, and what the reader is tuned on. 10 held out of that. */
export const readerQuestions = z
  .object({ questions: z.array(answerable), unanswerable: z.array(unanswerable), heldOut: z.array(answerable) })
  .parse(questions);

/** Questions on passages drawn at random, and some without an answer, in two halves: the present reader is not tuned on them. */
export const developmentQuestions = z
  .object({ questions: z.array(answerable), unanswerable: z.array(unanswerable) })
  .parse(development);

/** The documentation's folder, or undefined where the package is not installed. */
export async function pythonDocs(): Promise<string | undefined> {
  const folder = '/usr/share/doc/python3/html';
  return access(folder).then(
    () => folder,
    () => undefined,
  );
}
