/** The chat as the reader sees it: the question that is open, what it did for it, and whether the answer is asked for. */
import { attachedHead } from '../../agent/attached.ts';
import { questionText, type ChatMessage } from '../../agent/messages.ts';
import { answerPrompt } from '../../agent/prompt.ts';
import { readReply } from '../../agent/toolCalls.ts';
import { splitThought } from '../../shared/thought.ts';

/** One of the reader's own turns with a call, and what came of it. */
export interface Done {
  readonly thought: string;
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly observation: string;
}

export interface Conversation {
  readonly question: string;
  /** Files that the question mentions. */
  readonly mentions: readonly string[];
  /** Files that came with the question. */
  readonly attached: readonly { readonly path: string; readonly text: string }[];
  /** The questions before, oldest first. */
  readonly earlier: readonly string[];
  /** For the open question, oldest first. */
  readonly done: readonly Done[];
  /** Set once the final answer is asked for. */
  readonly answerForm: 'full' | 'short' | undefined;
}

/** Reads the messages of a request. Questions are the user messages that follow no call and ask for no answer. */
export function conversationOf(messages: readonly ChatMessage[]): Conversation {
  const questions: string[] = [];
  let done: Done[] = [];
  let answerForm: Conversation['answerForm'];
  let pending: Omit<Done, 'observation'> | undefined;
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        break;
      case 'assistant':
        pending = callOf(message);
        break;
      case 'tool':
        if (pending) done.push({ ...pending, observation: message.content });
        pending = undefined;
        break;
      case 'user': {
        const form = answerFormOf(message.content);
        if (form) {
          answerForm = form;
        } else if (pending) {
          done.push({ ...pending, observation: message.content });
          pending = undefined;
        } else {
          questions.push(message.content);
          done = [];
          answerForm = undefined;
        }
      }
    }
  }
  const earlier = questions.map((question) => withoutMentions(question).question);
  return { ...withoutMentions(questions.at(-1) ?? ''), earlier: earlier.slice(0, -1), done, answerForm };
}

function callOf(message: Extract<ChatMessage, { role: 'assistant' }>): Omit<Done, 'observation'> | undefined {
  const { thought } = splitThought(message.content, message.reasoning);
  const { calls } = readReply({ content: message.content, nativeCalls: [], finishReason: 'stop' }, []);
  const call = message.toolCalls?.[0] ?? calls[0];
  return call && { thought, tool: call.tool, arguments: call.arguments };
}

/** The loop's request is known by what stands around the question in it. */
function answerFormOf(content: string): Conversation['answerForm'] {
  const blank = '\u0000';
  for (const answer of ['full', 'short'] as const) {
    for (const cutShort of [false, true]) {
      const [before = '', after = ''] = answerPrompt({ question: blank, answer, cutShort }).split(blank);
      if (content.startsWith(before) && content.includes(after, before.length)) return answer;
    }
  }
  return undefined;
}

function withoutMentions(whole: string): Pick<Conversation, 'question' | 'mentions' | 'attached'> {
  const head = whole.indexOf(attachedHead);
  const message = head < 0 ? whole : whole.slice(0, head);
  const attached = head < 0 ? [] : attachedIn(whole.slice(head));
  const [before = ''] = questionText('', ['\u0000']).split('\u0000');
  const at = message.lastIndexOf(before);
  if (at < 0) return { question: message, mentions: [], attached };
  const mentions = message.slice(at + before.length - '- '.length).split('\n');
  const paths = mentions.map((line) => line.replace(/^- /, '')).filter(Boolean);
  return { question: message.slice(0, at), mentions: paths, attached };
}

function attachedIn(text: string): Conversation['attached'] {
  const files = text.matchAll(/<foreign mark="(\w+)" from="([^"]*)"[^>]*>\n([\s\S]*?)\n<\/foreign mark="\1">/g);
  return Array.from(files, ([, , path = '', content = '']) => ({ path, text: content }));
}
