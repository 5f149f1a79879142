/** An archive → each of its members, read by its own format. */
import { messageOf } from '../../agent/errors.ts';
import type { DocumentInput, ReadDocument, Section } from './document.ts';
import { uniqueLinks } from './links.ts';
import { isSpent, type UnpackBudget } from './unpacking.ts';
import { openZip } from './zipFiles.ts';

/** What is read of an archive: characters of a member (agent-protocol §10), members, and archives in archives. */
const limits = { memberChars: 50_000, members: 500, depth: 3 };

/** The reader of documents of any kind. */
type ReadMember = (input: DocumentInput, depth: number, budget: UnpackBudget) => Promise<ReadDocument>;

/** Reads members in order, with the reader of documents that is given. */
export async function readZip(
  input: DocumentInput,
  depth: number,
  budget: UnpackBudget,
  readMember: ReadMember,
): Promise<ReadDocument> {
  if (depth >= limits.depth) {
    return {
      kind: 'zip',
      text: '',
      sections: [],
      links: [],
      notes: ['Archives this deep in archives are not opened.'],
    };
  }
  const { members, problems } = await openZip(input.bytes, input.name, budget);
  const wanted = members.filter(({ path }) => !/(?:^|\/)(?:__MACOSX\/|\.DS_Store$|\.git\/|node_modules\/)/.test(path));
  const sections: Section[] = [];
  const links: string[] = [];
  const notes: string[] = [];
  let text = `${wanted.length} file${wanted.length === 1 ? '' : 's'}:\n\n${wanted
    .slice(0, limits.members)
    .map(({ path, sizeBytes }) => `- ${path} (${sizeBytes} bytes)`)
    .join('\n')}\n`;
  let read = 0;
  for (const member of wanted.slice(0, limits.members)) {
    if (isSpent(budget)) break;
    read += 1;
    const content = await contentOf(member.path, await member.read(), depth, budget, readMember);
    budget.chars -= Math.min(content?.text.length ?? 0, limits.memberChars);
    if (!content) continue;
    sections.push({ title: member.path, level: 1, from: text.length + 1 });
    const whole = content.text.length <= limits.memberChars;
    text += `\n# ${member.path}\n\n${whole ? content.text : content.text.slice(0, limits.memberChars)}\n`;
    if (!whole)
      notes.push(`${member.path}: only the first ${limits.memberChars} of ${content.text.length} characters are here.`);
    for (const note of content.notes.slice(0, 5)) notes.push(`${member.path}: ${note}`);
    links.push(...content.links);
  }
  if (read < wanted.length) notes.push(`Only the first ${read} of ${wanted.length} files were read.`);
  return {
    kind: 'zip',
    text: text.trimEnd(),
    sections,
    links: uniqueLinks(links),
    notes: [...problems, ...notes].slice(0, 200),
  };
}

async function contentOf(
  path: string,
  bytes: Uint8Array | undefined,
  depth: number,
  budget: UnpackBudget,
  readMember: ReadMember,
): Promise<Pick<ReadDocument, 'text' | 'notes' | 'links'> | undefined> {
  if (!bytes) return undefined;
  try {
    return await readMember({ bytes, name: path }, depth + 1, budget);
  } catch (error) {
    return { text: '', notes: [messageOf(error)], links: [] };
  }
}
