/** Messages in every form of calls, for properties: what is in them is known. */
import fc from 'fast-check';
import { textTags } from '../../src/shared/callTags.ts';
import { callBlock } from '../../src/agent/messages.ts';

/** A message, and the arguments of its calls to `workspace.read_file` in order. */
export interface WrittenReply {
  readonly content: string;
  readonly calls: readonly { readonly path: string }[];
  /** Whether text follows the last call. */
  readonly goesOn: boolean;
}

const tags = [
  '</think>',
  '</arguments>',
  '</use_mcp_tool>',
  '</tool_call>',
  '<use_mcp_tool>',
  '</function>',
  '<tool_call>',
];
const hard = fc.constantFrom(...tags, '"', '\\', '\n', '{', '}', '😀', '<', 'é', 'a', ' ', '</', '<think>');
const path = fc.array(hard, { maxLength: 8 }).map((parts) => parts.join(''));
const plain = fc.array(fc.constantFrom('a < b', 'words', '😀', ' ', '\n', '<b>', '"', '{', '</', '.'), {
  maxLength: 6,
});
const text = plain.map((parts) => parts.join(''));

const call = (args: { readonly path: string }) =>
  callBlock({ server: 'workspace', tool: 'read_file', arguments: args });
const hermes = (args: { readonly path: string }) =>
  `<tool_call>\n${JSON.stringify({ name: 'workspace-read_file', arguments: args })}\n</tool_call>`;
const named = (args: { readonly path: string }) => `<function=read_file>${JSON.stringify(args)}</function>`;

/** In parameters a value stands as it is: it can hold no tag of its own form. */
const parameters = path
  .map((one) => one.replaceAll('<', '‹').trim())
  .map((one) => ({
    args: { path: one },
    written: `<tool_call>\n<function=read_file>\n<parameter=path>\n${one}\n</parameter>\n</function>\n</tool_call>`,
  }));
const inJson = fc
  .tuple(path, fc.constantFrom(call, hermes, named))
  .map(([one, write]) => ({ args: { path: one }, written: write({ path: one }) }));

const thought = fc
  .tuple(text, fc.constantFrom('<think>', ''), fc.option(fc.oneof(inJson, parameters)))
  .map(([said, opening, draft]) =>
    draft === null ? `${opening}${said}</think>` : `${opening}${said}${draft.written}</think>`,
  );

/** Thoughts first, closed ones; then calls; then perhaps text. */
export const writtenReply: fc.Arbitrary<WrittenReply> = fc
  .record({
    thoughts: fc.array(thought, { maxLength: 2 }),
    before: text,
    calls: fc.array(fc.oneof(inJson, parameters), { maxLength: 3 }),
    after: fc.oneof(fc.constant(''), fc.constant(' \n'), text),
  })
  .map(({ thoughts, before, calls, after }) => ({
    content: thoughts.join('') + before + calls.map(({ written }) => written).join('\n') + after,
    calls: calls.map(({ args }) => args),
    // What may still become a tag is not known to be text yet.
    goesOn: after.trim() !== '' && !textTags.some((tag) => tag.startsWith(after.trimStart())),
  }));

/** Cuts a text into pieces at any places, inside of surrogate pairs too. */
export function cutInto(content: string, lengths: readonly number[]): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  for (let index = 0; at < content.length; index++) {
    const length = 1 + ((lengths[index % Math.max(1, lengths.length)] ?? 1) % 24);
    pieces.push(content.slice(at, at + length));
    at += length;
  }
  return pieces;
}
