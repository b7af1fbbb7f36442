/** What this reads of a document's tree. */
interface Node {
  type: string;
  value?: string;
  children?: Node[];
}

const RULER = /^\s*\|?(?:\s*:?-+:?\s*\|)*\s*:?-+:?\s*\|?\s*$/;

/** Makes tables of paragraphs that are written as such with `|`; MDX by itself knows none. */
export function markdownTables() {
  return (root: Node) => {
    root.children = root.children?.map((node) => (node.type === 'paragraph' ? (tableOf(node) ?? node) : node)) ?? [];
  };
}

function tableOf({ children = [] }: Node): Node | undefined {
  const [head, ruler, ...body] = linesOf(children);
  if (!head || !ruler || !RULER.test(ruler.map(({ value }) => value ?? '-').join(''))) return undefined;
  return { type: 'table', children: [head, ...body].map(rowOf) };
}

/** The nodes of a paragraph, line by line. */
function linesOf(nodes: readonly Node[]): Node[][] {
  const lines: Node[][] = [[]];
  for (const node of nodes) {
    const [first = '', ...others] = node.type === 'text' ? node.value!.split('\n') : [];
    lines.at(-1)!.push(node.type === 'text' ? text(first) : node);
    lines.push(...others.map((line) => [text(line)]));
  }
  return lines;
}

/** The cells of a line. A `|` in code is no border, for code is a node of its own. */
function rowOf(line: readonly Node[]): Node {
  const cells: Node[][] = [[]];
  for (const node of line) {
    const [first = '', ...others] = node.type === 'text' ? node.value!.split('|') : [];
    cells.at(-1)!.push(node.type === 'text' ? text(first) : node);
    cells.push(...others.map((part) => [text(part)]));
  }
  const isBlank = (cell: readonly Node[]) => cell.every(({ type, value }) => type === 'text' && value!.trim() === '');
  if (isBlank(cells[0]!)) cells.shift();
  if (cells.length > 1 && isBlank(cells.at(-1)!)) cells.pop();
  return { type: 'tableRow', children: cells.map((children) => ({ type: 'tableCell', children })) };
}

const text = (value: string): Node => ({ type: 'text', value });
