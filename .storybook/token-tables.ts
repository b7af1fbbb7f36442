import { readTokens } from '../scripts/tokens.ts';

/** What this reads and makes of a document's tree. */
interface Node {
  type: string;
  name?: string;
  value?: string;
  attributes?: { name: string; value: string }[];
  children?: Node[];
}

/** Puts a table of a layer's tokens where a guide says `<Tokens layer="semantic" />`, as the sources have them when it is built. */
export function tokenTables() {
  return (root: Node) => {
    root.children = root.children?.map((node) => (node.name === 'Tokens' ? tableOf(node) : node)) ?? [];
  };
}

function tableOf({ attributes = [] }: Node): Node {
  const layer = attributes.find(({ name }) => name === 'layer')?.value;
  const tokens = readTokens().filter((token) => token.layer === layer);
  if (tokens.length === 0) throw new Error(`There are no tokens of a layer called ${layer}.`);
  const rows = tokens.map(({ name, value, onTouch }) => [
    [code(name)],
    [code(value), ...(onTouch === undefined ? [] : [text(' · on touch screens '), code(onTouch)])],
  ]);
  return { type: 'table', children: [[[text('token')], [text('unless it is set')]], ...rows].map(row) };
}

const row = (cells: readonly Node[][]): Node => ({
  type: 'tableRow',
  children: cells.map((children) => ({ type: 'tableCell', children })),
});
const code = (value: string): Node => ({ type: 'inlineCode', value });
const text = (value: string): Node => ({ type: 'text', value });
