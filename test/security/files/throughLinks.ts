/** Links that lead out of the workspace. */
import { link, symlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { edit, everyTool, linkTo, move, outsideWords, read, remove, write, type Attempt } from './attempt.ts';

/** Soft and hard ones. */
export const throughLinks: readonly Attempt[] = [
  {
    name: 'a link to a file outside',
    ...linkTo(({ outside }) => `${outside}/secret.txt`),
    calls: () => everyTool('link').slice(0, -3),
    ends: { refused: outsideWords },
  },
  {
    name: 'a link to a folder outside',
    ...linkTo(({ outside }) => outside),
    calls: () => everyTool('link/secret.txt'),
    ends: { refused: outsideWords },
  },
  {
    name: 'a link to a new file outside',
    ...linkTo(({ outside }) => `${outside}/new.txt`),
    calls: () => [...read('link'), ...write('link')],
    ends: { refused: /a link to .*new\.txt, which does not exist/ },
  },
  {
    name: 'a link to /proc/self/root',
    ...linkTo(() => '/proc/self/root'),
    calls: (place) => everyTool(`link${place.outside}/secret.txt`),
    ends: { refused: outsideWords },
  },
  {
    name: 'a relative link',
    ...linkTo(({ outside }) => `../${basename(outside)}`),
    calls: () => everyTool('link/secret.txt'),
    ends: { refused: outsideWords },
  },
  {
    name: 'a chain of links',
    prepare: async ({ at, outside }) => {
      await symlink(outside, at('one'));
      await symlink('one', at('two'));
      await symlink('../two', at('sub/three'));
    },
    calls: () => everyTool('sub/three/secret.txt'),
    ends: { refused: outsideWords },
  },
  {
    name: 'a link to itself',
    ...linkTo(() => 'link'),
    calls: () => [...read('link'), ...write('link/x')],
    ends: { refused: /leads to itself/ },
  },
  {
    name: 'a link with a slash behind it',
    ...linkTo(({ outside }) => outside),
    calls: () => [...read('link/'), { tool: 'list_files', args: { path: 'link/' } }, ...write('link/new.txt')],
    ends: { refused: outsideWords },
  },
  {
    name: 'deleting a folder through a link',
    ...linkTo(({ outside }) => outside),
    calls: () => remove('link/dir'),
    ends: { refused: outsideWords },
  },
  {
    name: 'deleting what a link leads to',
    ...linkTo(({ outside }) => outside),
    calls: () => remove('link/'),
    ends: { harmless: /^Deleted the link/ },
  },
  {
    name: 'deleting what a link leads to by a dot',
    ...linkTo(({ outside }) => outside),
    calls: () => remove('link/.'),
    ends: { harmless: /^Deleted the link/ },
  },
  {
    name: 'deleting a folder with links out in it',
    ...linkTo(({ outside }) => outside, 'sub/link'),
    calls: () => remove('sub'),
    ends: { harmless: /^Deleted sub with 2 files/ },
  },
  {
    name: 'moving a link and going through it then',
    ...linkTo(({ outside }) => outside),
    calls: () => [...move('link', 'sub/moved'), ...read('sub/moved/secret.txt')],
    ends: { lastRefused: outsideWords },
  },
  {
    name: 'moving a file into a folder outside',
    ...linkTo(({ outside }) => outside),
    calls: () => move('inside.txt', 'link/inside.txt'),
    ends: { refused: outsideWords },
  },
  {
    name: 'moving a file onto a link out',
    ...linkTo(({ outside }) => `${outside}/secret.txt`),
    calls: () => move('inside.txt', 'link'),
    ends: { refused: outsideWords },
  },
  {
    name: 'listing what links lead to',
    ...linkTo(({ outside }) => outside),
    calls: () => [{ tool: 'list_files', args: { depth: 9 } }],
    ends: { harmless: /\nlink -> / },
  },
  {
    name: 'listing a loop of links',
    ...linkTo(() => '..', 'sub/up'),
    calls: () => [{ tool: 'list_files', args: { depth: 20 } }],
    ends: { harmless: /sub\/up -> \.\.$/ },
  },
  {
    name: 'writing through a hard link',
    prepare: ({ at, outside }) => link(`${outside}/secret.txt`, at('hard')),
    calls: () => write('hard'),
    ends: { harmless: /^Replaced hard/ },
  },
  {
    name: 'editing through a hard link',
    prepare: ({ at, outside }) => link(`${outside}/plain.txt`, at('hard')),
    calls: () => edit('hard', 'plain'),
    ends: { harmless: /^Changed hard/ },
  },
];
