/** What a shell does beside running commands: files that it writes, variables that change what programs do, hidden evaluation. */
import type { Assignment, Redirection, SyntaxNode, Word } from 'unbash';

/** Variables in lower case that programs heed. */
const heeded: ReadonlySet<string> = new Set(['http_proxy', 'https_proxy', 'ftp_proxy', 'all_proxy', 'no_proxy']);

/** A variable of the line's own: nothing outside it reads such names. */
export function isOwn(name: string): boolean {
  return /^[a-z][a-z0-9_]*$/.test(name) && !heeded.has(name);
}

/** What an assignment changes; `before`: the name of the command that it stands before. */
export function assignmentWorry({ name, text }: Assignment, before: Word | undefined): string | undefined {
  if (before) return `${shortened(text)} is set for ${before.text}`;
  return isOwn(name) ? undefined : `${shortened(text)} is set`;
}

/** A loop sets a variable too. */
export function loopWorry(name: string): string | undefined {
  return isOwn(name) ? undefined : `the loop sets ${name}`;
}

const harmlessTargets: ReadonlySet<string> = new Set(['/dev/null', '/dev/stdout', '/dev/stderr']);

/** What a redirection writes, or reaches. */
export function redirectWorry(redirect: Redirection): string | undefined {
  if (redirect.type !== 'Redirect') return undefined;
  const { operator, target, descriptor } = redirect;
  if (descriptor?.type === 'FileDescriptorVariable' && !isOwn(descriptor.name)) return `it sets ${descriptor.name}`;
  if (target === undefined) return 'a redirection without its target';
  if (target.parts?.length === 1 && target.parts[0]?.type === 'ProcessSubstitution') return undefined;
  const known = (target.parts ?? []).every(({ type }) => type === 'Literal' || type === 'SingleQuoted');
  const value = known ? target.value : undefined;
  const copies = operator === '>&' || operator === '<&';
  if (copies && value !== undefined && /^(?:\d+-?|-)$/.test(value)) return undefined;
  if (operator === '<' || operator === '<&') {
    const plain = value !== undefined && !/^\/dev\/(?:tcp|udp)\//.test(value);
    return plain ? undefined : `it reads from ${shortened(target.text)}`;
  }
  return value !== undefined && harmlessTargets.has(value) ? undefined : `it writes to ${shortened(target.text)}`;
}

/** Text that bash evaluates once more: a prompt's, an indirect name's, a subscript's. */
export function wordWorry(node: SyntaxNode): string | undefined {
  if (node.type === 'ParameterExpansion') {
    const { prefix, operation, parameter, text, index } = node;
    const computed = operation?.type === 'Slice' || (index !== undefined && !/^(?:[@*]|\d+)$/.test(index.text));
    const again = prefix === '!' || operation?.type === 'Transform' || operation?.type === 'Unknown' || computed;
    const sets = operation?.type === 'Default' && operation.operator.endsWith('=') && !isOwn(parameter);
    return again || sets ? `what ${shortened(text)} does shows only when it runs` : undefined;
  }
  // Arithmetic evaluates what its variables hold, and a subscript in that may run commands.
  if (node.type === 'ArithmeticWord') return isNumber(node.value) ? undefined : arithmeticWorry(node.value);
  if (node.type === 'TestBinary' && /^-(?:eq|ne|lt|le|gt|ge)$/.test(node.operator)) {
    const word = [node.left, node.right].find(({ value }) => !isNumber(value));
    return word && arithmeticWorry(word.text);
  }
  // So does the place in a list to which something is assigned.
  if (node.type === 'Assignment') {
    const listed = node.value.type === 'ArrayValue' ? node.value.elements.map(({ text }) => text) : [];
    const places = [node.index?.text, ...listed.map((text) => /^\[(.*?)\]\+?=/s.exec(text)?.[1])];
    const place = places.find((text) => text !== undefined && !isNumber(text));
    return place === undefined ? undefined : arithmeticWorry(place);
  }
  if (node.type === 'TestUnary' && node.operator === '-v') return arithmeticWorry(node.operand.text);
  const literal = node.type === 'SingleQuoted' || node.type === 'AnsiCQuoted' || node.type === 'Literal';
  if (!literal && (node.type !== 'Word' || node.parts !== undefined)) return undefined;
  return /\[[^[\]]*(?:\$\(|`)/.test(node.value) ? `${shortened(node.text)} may be run as a subscript` : undefined;
}

function isNumber(text: string): boolean {
  return /^-?\d+$/.test(text);
}

function arithmeticWorry(text: string): string {
  return `what ${shortened(text)} amounts to shows only when it runs`;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return `\`${line.length > 60 ? `${line.slice(0, 59)}…` : line}\``;
}
