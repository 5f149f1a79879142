/** Finds tool-call blocks in text. The text is not XML: arguments are JSON, and their strings may hold any tag. */

/** One block as it stands; `argumentsText` is what should be a JSON object. */
export interface CallBlock {
  readonly server: string;
  readonly tool: string;
  readonly argumentsText: string;
  readonly mended?: string;
}

/** All blocks in order; `strayTags`: there are tool-call tags that make no block. */
export interface FoundBlocks {
  readonly blocks: readonly CallBlock[];
  readonly strayTags: boolean;
}

const openTag = '<use_mcp_tool>';
const closeTag = '</use_mcp_tool>';

/** Whether a text has anything that only a tool call has. */
const anyTag = /<\/?(?:use_mcp_tool|server_name|tool_name|arguments)>/;

/**
 * Finds `<use_mcp_tool>` blocks. A block ends at the first closing tag outside of the arguments' JSON strings; one that
 * is left open at the end of the text counts when its arguments are whole.
 */
export function findCallBlocks(text: string): FoundBlocks {
  const blocks: CallBlock[] = [];
  let at = text.indexOf(openTag);
  let strayTags = at < 0 && anyTag.test(text);
  while (at >= 0) {
    const block = readBlock(text, at + openTag.length);
    if (block) blocks.push(block.block);
    else strayTags = true;
    at = text.indexOf(openTag, block ? block.end : at + openTag.length);
  }
  return { blocks, strayTags };
}

function readBlock(text: string, from: number): { readonly block: CallBlock; readonly end: number } | undefined {
  const argumentsAt = text.indexOf('<arguments>', from);
  const nextOpen = text.indexOf(openTag, from);
  if (argumentsAt < 0 || (nextOpen >= 0 && nextOpen < argumentsAt)) return undefined;
  const head = text.slice(from, argumentsAt);
  const server = inTag(head, 'server_name') ?? '';
  const tool = inTag(head, 'tool_name') ?? '';
  const bodyAt = argumentsAt + '<arguments>'.length;
  const end = endOfArguments(text, bodyAt);
  const argumentsText = text.slice(bodyAt, end.at).trim();
  const block = { server, tool, argumentsText, ...(!end.closed && { mended: 'closed an unclosed tool call' }) };
  return { block, end: end.next };
}

function inTag(head: string, tag: string): string | undefined {
  return new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(head)?.[1]?.trim();
}

/** Where the arguments end: at `</arguments>`, else at `</use_mcp_tool>`, outside of JSON strings; else at a closing tag anywhere. */
function endOfArguments(text: string, from: number): { at: number; next: number; closed: boolean } {
  const outside = closingTag(text, from, true) ?? closingTag(text, from, false);
  if (!outside) return { at: text.length, next: text.length, closed: false };
  if (outside.tag === closeTag) return { at: outside.at, next: outside.at + closeTag.length, closed: true };
  const after = outside.at + '</arguments>'.length;
  const close = /^\s*<\/use_mcp_tool>/.exec(text.slice(after, after + 200));
  return { at: outside.at, next: after + (close?.[0].length ?? 0), closed: close !== null };
}

function closingTag(text: string, from: number, mindStrings: boolean): { at: number; tag: string } | undefined {
  let inString = false;
  for (let i = from; i < text.length; i++) {
    const char = text.charAt(i);
    if (inString && char === '\\') i++;
    else if (mindStrings && char === '"') inString = !inString;
    else if (char === '<' && !inString) {
      const tag = ['</arguments>', closeTag].find((candidate) => text.startsWith(candidate, i));
      if (tag) return { at: i, tag };
    }
  }
  return undefined;
}
