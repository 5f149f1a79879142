/** A small documentation of Debian's, as the local search servers of the tests hold it: Python's frequently asked questions. */
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const packaged = '/usr/share/doc/python3-doc/html/faq';

/** Copies it into a folder, with one page whose name has a blank and letters beyond ASCII. Resolves to its pages' names. */
export async function copyDocumentation(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  await cp(packaged, folder, { recursive: true, dereference: true });
  const page = await readFile(join(folder, 'gui.html'), 'utf8');
  const odd = page.replace(/<title>[^<]*<\/title>/, '<title>Käsekuchen &amp; Qt</title>');
  await writeFile(join(folder, oddName), odd.replace('</h1>', '</h1><p>A quarkkuchen is baked for an hour.</p>'));
  return (await readdir(folder)).filter((name) => name.endsWith('.html'));
}

/** The page with the odd name; it alone holds the word "quarkkuchen". */
export const oddName = 'Käse kuchen.html';
