import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';

const projectRoot = join(import.meta.dirname, '..', '..');
const pageDirectory = join(import.meta.dirname, 'page');
const cacheDirectory = join(projectRoot, 'node_modules', '.cache', 'lethe');
/** What the bundle is made from. */
const sources = ['local/console', 'dashboards', 'core', 'package-lock.json'];

const assetsShape = z.object({ script: z.string(), style: z.string() });

/** A file of the console as it is sent; its name changes with its content. */
export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly text: Buffer;
  readonly gzipped: Buffer;
}

export interface Assets {
  readonly script: Asset;
  readonly style: Asset;
}

/** The console's script and style, bundled on first use and kept until a source changes. */
export async function consoleAssets(): Promise<Assets> {
  const file = join(cacheDirectory, `console-${keyOfSources()}.json`);
  const texts = read(file) ?? (await bundle(file));
  return {
    script: asset('console', 'js', 'text/javascript; charset=utf-8', texts.script),
    style: asset('console', 'css', 'text/css; charset=utf-8', texts.style),
  };
}

function asset(name: string, ending: string, type: string, content: string): Asset {
  const text = Buffer.from(content);
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return { path: `/assets/${name}-${hash}.${ending}`, type, text, gzipped: gzipSync(text, { level: 9 }) };
}

async function bundle(file: string): Promise<z.infer<typeof assetsShape>> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(pageDirectory, 'main.ts'), join(pageDirectory, 'style.css')],
    outdir: 'out',
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    legalComments: 'none',
    write: false,
    logLevel: 'silent',
  });
  const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  const texts = { script: textOf('.js'), style: textOf('.css') };
  keep(file, texts);
  return texts;
}

function keyOfSources(): string {
  const hash = createHash('sha256');
  for (const source of sources) {
    const path = join(projectRoot, source);
    for (const file of source.includes('.') ? [path] : filesBelow(path)) hash.update(file).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 32);
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function read(file: string): z.infer<typeof assetsShape> | undefined {
  try {
    return assetsShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // Not there yet, or cut short by something else: it is made again.
    return undefined;
  }
}

function keep(file: string, texts: z.infer<typeof assetsShape>): void {
  try {
    mkdirSync(cacheDirectory, { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, JSON.stringify(texts));
    renameSync(draft, file);
  } catch {
    // A read-only installation bundles each time.
  }
}
