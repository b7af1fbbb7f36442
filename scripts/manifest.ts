import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { analyze, type AnalyzedClass, type Described, type Member, ts } from './analyzer.ts';
import { constantElements } from './constant-elements.ts';

const root = join(import.meta.dirname, '..');

/** What is public of one element, inherited parts included. */
export interface ElementDoc {
  tag: string;
  /** The folder under src/components, which is also the name of its entry. */
  folder: string;
  /** What its class is exported as. */
  className: string;
  description: string;
  attributes: Described[];
  /** Fields, those with an attribute too. */
  properties: Member[];
  methods: Member[];
  events: Described[];
  slots: Described[];
  parts: Described[];
  cssProperties: Described[];
}

/** Reads every documented element out of the sources, in the order of their tags. */
export function describeElements(): ElementDoc[] {
  const files = globSync(['src/components/**/*.ts', 'widget/capture/*.ts'], { cwd: root }).toSorted();
  const modules = files.map((file) =>
    ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.ES2022, true),
  );
  const unions = new Map(modules.flatMap((module) => [...unionsOf(module.getFullText())]));
  const classes = [...analyze(modules), ...constantElements(modules)];
  return classes
    .flatMap((one) => (one.tagName === undefined ? [] : [elementOf(one, one.tagName, basename(dirname(one.path)), unions)]))
    .toSorted((one, other) => (one.tag < other.tag ? -1 : 1));
}

/** The custom elements manifest of the package, with the paths of what is published. */
export function manifestOf(elements: readonly ElementDoc[]): object {
  const modules = elements.flatMap((element) => {
    const path = `dist/src/components/${element.folder}/${element.folder}.js`;
    const declaration = { name: element.className, module: path };
    return [
      {
        kind: 'javascript-module',
        path,
        declarations: [declarationOf(element)],
        exports: [{ kind: 'js', name: element.className, declaration }],
      },
      {
        kind: 'javascript-module',
        path: path.replace(/\.js$/, '.define.js'),
        declarations: [],
        exports: [{ kind: 'custom-element-definition', name: element.tag, declaration }],
      },
    ];
  });
  return { schemaVersion: '1.0.0', readme: 'README.md', modules };
}

function elementOf(one: AnalyzedClass, tag: string, folder: string, unions: ReadonlyMap<string, string>): ElementDoc {
  const members = (one.members ?? []).filter(
    ({ name, privacy = 'public', static: isStatic }) => !isStatic && privacy === 'public' && !OF_THE_PLATFORM.test(name),
  );
  const spellOut = <T extends Described>(described: T): T => ({
    ...described,
    ...(described.description !== undefined && { description: oneLine(described.description) }),
    ...(described.type && { type: { text: inFull(described.type.text, unions) } }),
  });
  const ofKind = (kind: Member['kind']) => members.filter((member) => member.kind === kind).map(spellOut);
  const properties = ofKind('field');
  const fieldOf = (attribute: string) => properties.find((property) => property.attribute === attribute);
  return {
    tag,
    folder,
    className: one.name,
    description: oneLine(one.description),
    attributes: (one.attributes ?? []).map((attribute) => spellOut({ ...attribute, ...typeAndDefault(fieldOf(attribute.name)) })),
    properties,
    methods: ofKind('method'),
    // The analyzer takes each `dispatchEvent` for an event of its own, whatever it is given.
    events: (one.events ?? []).filter(({ name }) => name?.startsWith('mill-')).map(spellOut),
    slots: (one.slots ?? []).map(spellOut),
    parts: (one.cssParts ?? []).map(spellOut),
    cssProperties: (one.cssProperties ?? []).map(spellOut),
  };
}

/** The analyzer knows of a field's type and default more than of its attribute's. */
const typeAndDefault = (field: Member | undefined) => ({
  ...(field?.type && { type: field.type }),
  ...(field?.default !== undefined && { default: field.default }),
});

const oneLine = (text = '') => text.replace(/\s+/g, ' ');

/** What the platform calls, not people. */
const OF_THE_PLATFORM = /^(?:connected|disconnected|adopted|attributeChanged|form\w+)Callback$|^formAssociated$/;

const UNION = /^(?:export )?type (\w+)\s*=\s*\|?\s*('[^']*'(?:\s*\|\s*'[^']*')*);/gm;

/** The types of a module that are nothing but a choice of words. */
const unionsOf = (text: string) =>
  [...text.matchAll(UNION)].map(([, name, words]) => [name!, words!.replace(/\s+/g, ' ')] as const);

/** A type with the words in place of their name, so that editors and controls can offer them. */
const inFull = (type: string, unions: ReadonlyMap<string, string>) =>
  type.replace(/\b\w+\b/g, (name) => unions.get(name) ?? name);

function declarationOf(element: ElementDoc) {
  const { tag, className, description, attributes, properties, methods, events, slots, parts, cssProperties } = element;
  const inherited = { inheritedFrom: undefined };
  return {
    kind: 'class',
    customElement: true,
    tagName: tag,
    name: className,
    description,
    attributes: attributes.map((one) => ({ ...one, ...inherited })),
    members: [...properties, ...methods].map((one) => ({ ...one, ...inherited })),
    events: events.map((one) => ({ ...one, ...inherited })),
    slots,
    cssParts: parts,
    cssProperties,
  };
}
