/** `npm run package`: a platform VSIX in out/. */
import { main } from './lib/shell.mjs';
import { installDependencies } from './lib/dependencies.mjs';
import { buildProduct } from './lib/build.mjs';
import { packageVsix } from './lib/vsix.mjs';

await main(async () => {
  await installDependencies();
  await buildProduct();
  process.stdout.write(`${await packageVsix()}\n`);
});
