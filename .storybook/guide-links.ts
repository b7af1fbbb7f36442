interface Node {
  type: string;
  url?: string;
  children?: Node[];
}

/** Lets a guide's links to other guides, which are links between files, lead there in the Storybook too. */
export function guideLinks() {
  return function redirect(node: Node) {
    const [, name] = /^([\w-]+)\.mdx$/.exec(node.url ?? '') ?? [];
    if (node.type === 'link' && name) node.url = `./?path=/docs/guides-${name}--docs`;
    for (const child of node.children ?? []) redirect(child);
  };
}
