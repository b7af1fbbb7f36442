import { build, type Plugin, transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** What browsers understand that are two years old. */
const TARGET = 'es2022';

/**
 * Bundles the elements for pages without a bundler: `millrace.js` registers every element and exports the client,
 * `<element>.js` registers one; what they share lies in chunks that are named by their contents. `integrity.json` says what
 * each file hashes to.
 */
export async function bundleElements(output = join(root, 'dist', 'bundle')) {
  const { outputFiles } = await build({
    entryPoints: { ...entries(), millrace: 'millrace' },
    outdir: output,
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    target: TARGET,
    charset: 'utf8',
    legalComments: 'none',
    chunkNames: 'chunks/[hash]',
    absWorkingDir: root,
    write: false,
    plugins: [everything(), packedStyles()],
  });
  const integrity: Record<string, string> = {};
  for (const { path, contents } of outputFiles.toSorted((one, other) => (one.path < other.path ? -1 : 1))) {
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, contents);
    integrity[path.slice(output.length + 1)] = `sha384-${createHash('sha384').update(contents).digest('base64')}`;
  }
  writeFileSync(join(output, 'integrity.json'), `${JSON.stringify(integrity, null, 2)}\n`);
}

const entries = () =>
  Object.fromEntries(globSync('src/components/*/*.define.ts', { cwd: root }).map((path) => [basename(path, '.define.ts'), path]));

/** The module that `millrace` stands for. */
function everything(): Plugin {
  return {
    name: 'everything',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^millrace$/ }, () => ({ path: 'millrace', namespace: 'everything' }));
      onLoad({ filter: /.*/, namespace: 'everything' }, () => ({
        contents: ["export * from './src/index.ts';", ...Object.values(entries()).map((path) => `import './${path}';`)].join(
          '\n',
        ),
        resolveDir: root,
      }));
    },
  };
}

/** Takes out of styles what only their readers need. */
function packedStyles(): Plugin {
  return {
    name: 'packed-styles',
    setup({ onLoad }) {
      onLoad({ filter: /\.styles\.ts$/ }, async ({ path }) => {
        const source = readFileSync(path, 'utf8');
        const [whole, styles] = /`([^`$]*)`/.exec(source) ?? [];
        if (whole === undefined) throw new Error(`${path} holds no styles in one plain template.`);
        const { code } = await transform(styles!, { loader: 'css', minify: true, target: 'esnext' });
        return { contents: source.replace(whole, () => `\`${code.trim().replaceAll('\\', '\\\\')}\``), loader: 'ts' };
      });
    },
  };
}
