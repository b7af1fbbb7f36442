import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export type Layer = 'primitive' | 'semantic' | 'component';

/** One property by which a page changes the looks of elements. */
export interface Token {
  layer: Layer;
  name: string;
  /** What it is where no page sets it, made of other tokens or plain. */
  value: string;
  /** The same on touch screens, where it differs. */
  onTouch: string | undefined;
}

const LAYER = /\/\* (Primitive|Semantic|Component): /g;
const TOKEN = /--_[\w-]+:\s*var\((--mill-[\w-]+),\s*([^;]+)\);/g;

/** Every token, in the order in which the elements' styles define them. */
export function readTokens(): Token[] {
  const shared = join(root, 'src', 'components', 'shared');
  const [everywhere = '', onTouch = ''] = readFileSync(join(shared, 'tokens.styles.ts'), 'utf8').split(
    '@media (pointer: coarse)',
  );
  const starts = [...everywhere.matchAll(LAYER)].map(({ 1: name, index }) => ({ layer: name!.toLowerCase() as Layer, index }));
  const touched = new Map(definitions(onTouch).map(({ name, value }) => [name, value]));
  const tokens = definitions(everywhere).map(({ name, value, index }) => {
    const { layer } = starts.findLast((start) => start.index < index)!;
    return { layer, name, value, onTouch: touched.get(name) };
  });
  return [...tokens, ...ofOneComponent()];
}

/** Those that the styles of one component bring along, used where they stand. */
function ofOneComponent(): Token[] {
  const files = globSync('src/components/**/*.styles.ts', { cwd: root, exclude: ['**/tokens.styles.ts'] }).toSorted();
  const styles = files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
  const used = styles.matchAll(/var\((--mill-[\w-]+),\s*((?:[^()]|\((?:[^()]|\([^()]*\))*\))+)\)/g);
  return [...used].map(([, name, value]) => ({ layer: 'component', name: name!, value: said(value!), onTouch: undefined }));
}

const definitions = (text: string) =>
  [...text.matchAll(TOKEN)].map(({ 1: name, 2: value, index }) => ({ name: name!, value: said(value!), index }));

/** A value in the words of a page: the elements' own names stand for the tokens. */
const said = (value: string) => value.replaceAll('--_', '--mill-').replace(/\s+/g, ' ');
