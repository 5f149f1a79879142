/** Paths that lead out of the workspace by their letters. */
import { basename } from 'node:path';
import { everyTool, outsideWords, type Attempt, type Place } from './attempt.ts';

/** For every tool. */
export const leadingOut: readonly Attempt[] = [
  ['a path with ..', (place: Place) => `../${basename(place.outside)}/secret.txt`],
  ['a path with .. behind a folder', (place: Place) => `sub/../../${basename(place.outside)}/secret.txt`],
  ['a path with .. behind nothing', (place: Place) => `none/../../${basename(place.outside)}/secret.txt`],
  ['an absolute path', (place: Place) => `${place.outside}/secret.txt`],
  ['an absolute path that begins inside', (place: Place) => `${place.folder}/../${basename(place.outside)}/secret.txt`],
  [
    'the workspace by its name and ..',
    ({ folder, outside }: Place) => `${basename(folder)}/../../${basename(outside)}/secret.txt`,
  ],
  ['/proc/self/root', (place: Place) => `/proc/self/root${place.outside}/secret.txt`],
  ['/proc/self/cwd', () => '/proc/self/cwd/package.json'],
  ['/dev/fd', () => '/dev/fd/0'],
  ['the home folder', () => '~/.ssh/id_rsa'],
  ['a URL', (place: Place) => `file://${place.outside}/secret.txt`],
  ['backslashes', (place: Place) => `..\\${basename(place.outside)}\\secret.txt`],
  ['.. in escapes', (place: Place) => `\\x2e\\x2e/${basename(place.outside)}/secret.txt`],
  ['slashes in escapes', (place: Place) => `..\\x2f${basename(place.outside)}\\x2fsecret.txt`],
].map(([name, path]) => ({
  name: `reaching out by ${String(name)}`,
  calls: (place) => everyTool(typeof path === 'function' ? path(place) : ''),
  ends: { refused: outsideWords },
}));
