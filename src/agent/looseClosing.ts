/** Whether an object that lacks closing braces at its end lacks nothing else, and nothing can be meant but closing it there. */
import type { Token } from './looseTokens.ts';

/**
 * A number at the end could go on, and a comma promises a member. An inner object with several members may have ended before
 * the later ones: then they would move. `outerNames`: what the outer object can have; other members cannot be its own.
 */
export function lacksOnlyClosers(tokens: readonly Token[], outerNames: readonly string[] | undefined): boolean {
  const last = tokens.at(-1);
  if (!last?.whole || last.kind === 'comma' || last.kind === 'colon' || last.kind === 'open') return false;
  const [, ...inner] = openAtEnd(tokens);
  return inner.every(({ open, laterNames, inList }) => {
    if (open === '[') return !inList;
    return laterNames.every((name) => outerNames !== undefined && !outerNames.includes(name));
  });
}

interface Container {
  readonly open: string;
  readonly inList: boolean;
  /** The names of its members from the second on. */
  readonly laterNames: string[];
  members: number;
}

/** What is open at the last token that is no closing brace, outermost first. */
function openAtEnd(tokens: readonly Token[]): readonly Container[] {
  const open: Container[] = [];
  const end = tokens.findLastIndex(({ kind }) => kind !== 'close');
  for (const [index, token] of tokens.slice(0, end + 1).entries()) {
    const outer = open.at(-1);
    if (token.kind === 'open') open.push({ open: token.text, inList: outer?.open === '[', laterNames: [], members: 0 });
    else if (token.kind === 'close') open.pop();
    else if (outer && tokens[index + 1]?.kind === 'colon' && outer.members++ > 0) {
      outer.laterNames.push(String(JSON.parse(token.text)));
    }
  }
  return open;
}
