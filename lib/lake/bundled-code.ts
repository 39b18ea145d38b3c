import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';
import type { TaskCode } from './task-code.ts';

/** Handlers that fill in statements, and so carry them. */
const withStatements = ['lake/start-statement', 'lake/validate-sources', 'monitoring/report-state'];

/**
 * Bundles of all handlers, made by one esbuild run when the first is asked for: a run for each would take a second each.
 *
 * @param projectRoot the folder of `lambdas/` and `sql/`.
 * @param directory where the bundles go; emptied first.
 */
export function bundledCode(projectRoot: string, directory: string): TaskCode {
  let bundled = false;
  return (handler) => {
    if (!bundled) bundleAll(projectRoot, directory);
    bundled = true;
    const folder = join(directory, handler);
    if (!existsSync(folder)) throw new Error(`lambdas/${handler}.ts exports no handler`);
    return Code.fromAsset(folder);
  };
}

function bundleAll(projectRoot: string, directory: string): void {
  rmSync(directory, { recursive: true, force: true });
  const lambdas = join(projectRoot, 'lambdas');
  const entries = readdirSync(lambdas, { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        path.endsWith('.ts') &&
        readFileSync(join(lambdas, path), 'utf8').match(/^export (const|function) handler\b/m) !== null,
    )
    .map((path) => path.slice(0, -'.ts'.length).replaceAll('\\', '/'));
  buildSync({
    entryPoints: entries.map((entry) => ({ in: join(lambdas, `${entry}.ts`), out: `${entry}/index` })),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    // The SDK's ES modules, of which what nobody calls can be left out.
    mainFields: ['module', 'main'],
    target: 'node24',
    format: 'esm',
    sourcemap: true,
    // A stack trace needs lines and names; the sources themselves would double the bundle.
    sourcesContent: false,
    // Some dependencies are CommonJS and ask for Node's own modules by require.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
    absWorkingDir: projectRoot,
    logLevel: 'error',
  });
  for (const handler of withStatements) {
    cpSync(join(projectRoot, 'sql'), join(directory, handler, 'sql'), { recursive: true });
  }
}
