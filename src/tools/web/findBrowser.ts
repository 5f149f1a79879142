/** The Chrome or Chromium of this machine. */
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { FetchError } from './fetchError.ts';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'brave-browser',
] as const;

const usualPlaces: Readonly<Record<string, readonly string[]>> = {
  linux: ['/usr/bin', '/usr/local/bin', '/snap/bin']
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .concat('/opt/google/chrome/chrome'),
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  ),
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((variable) =>
    [
      'Google\\Chrome\\Application\\chrome.exe',
      'Chromium\\Application\\chrome.exe',
      'Microsoft\\Edge\\Application\\msedge.exe',
    ].map((place) => `%${variable}%\\${place}`),
  ),
};

/** The one of the setting, else of PATH, else of the usual places. Throws FetchError (browser), which says what to do. */
export async function findBrowser(setting: string | undefined, env: NodeJS.ProcessEnv): Promise<string> {
  if (setting !== undefined) {
    if (isAbsolute(setting) && (await isProgram(setting))) return setting;
    throw new FetchError(
      'browser',
      `Pages cannot be rendered: ${setting} (setting mirothinker.web.browserPath) is no program.`,
    );
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder));
  const places = [
    ...names.flatMap((name) => folders.map((folder) => join(folder, name))),
    ...(usualPlaces[process.platform] ?? []).map((place) =>
      place.replace(/%([^%]+)%/, (_, name: string) => env[name] ?? ''),
    ),
  ];
  for (const place of places) if (await isProgram(place)) return place;
  throw new FetchError(
    'browser',
    'Pages cannot be rendered: no Chrome or Chromium was found. The person may install one, or name it in the setting mirothinker.web.browserPath.',
  );
}

async function isProgram(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
