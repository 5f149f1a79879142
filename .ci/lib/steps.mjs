import { buildProduct } from './build.mjs';
import { installCodeServer } from './codeServer.mjs';
import { installDependencies } from './dependencies.mjs';
import { Failure } from './shell.mjs';
import { installSystemPackages } from './system.mjs';

/** Everything that tests need. */
export async function setUpForTests() {
  requireNode();
  await installSystemPackages([
    ...['bubblewrap', 'python3', 'python3-matplotlib', 'git', 'chromium'],
    ...['searx', 'kiwix-tools', 'zim-tools'],
  ]);
  await installDependencies();
  await installCodeServer();
  await buildProduct();
}

/** Everything that `npm start` needs; code-server only where no VS Code is at hand. */
export async function setUpForStart({ codeServer }) {
  requireNode();
  await installSystemPackages(['bubblewrap', 'python3', 'git'], { optional: true });
  await installDependencies();
  if (codeServer) await installCodeServer();
  await buildProduct();
}

function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 20) throw new Failure(`Node 20 or newer is needed; this is ${process.version}`);
}
