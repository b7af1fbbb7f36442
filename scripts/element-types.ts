import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Described, Member } from './analyzer.ts';
import type { ElementDoc } from './manifest.ts';

const root = join(import.meta.dirname, '..');

/** What an element's class is imported from, seen from one folder below dist. */
export const moduleOf = ({ folder }: ElementDoc) => `../src/components/${folder}/${folder}.js`;

/** `ContactTable` for `mill-contact-table`: what the element is called where names are in capitals. */
export const titleOf = ({ tag }: Pick<ElementDoc, 'tag'>) =>
  tag
    .split('-')
    .slice(1)
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('');

/** Fields that a page may set. */
export const settable = ({ properties }: ElementDoc) => properties.filter(({ readonly }) => !readonly);

/** Attributes beside the fields of the same name. */
export const furtherAttributes = (element: ElementDoc) =>
  element.attributes.filter(({ name }) => !settable(element).some((property) => property.name === name));

/** The declarations that those of every framework are made of: per element its properties, its attributes and its events. */
export function elementTypes(elements: readonly ElementDoc[]): string {
  return `${elements.map(importOf).join('')}
${elements.map(interfacesOf).join('\n')}`;
}

function importOf(element: ElementDoc) {
  const { folder, className } = element;
  const events = existsSync(join(root, 'src', 'components', folder, `${folder}.events.ts`))
    ? `import type {} from '../src/components/${folder}/${folder}.events.js';\n`
    : '';
  return `import type { ${className} as ${titleOf(element)}Element } from '${moduleOf(element)}';\n${events}`;
}

function interfacesOf(element: ElementDoc) {
  const title = titleOf(element);
  const members = (lines: string[]) => (lines.length > 0 ? `{\n${lines.join('')}}` : '{}');
  const property = ({ name, description }: Member) => `${doc(description)}  ${name}?: ${title}Element['${name}'] | undefined;\n`;
  const attribute = ({ name, description, type }: Described) =>
    `${doc(description)}  '${name}'?: ${attributeType(type?.text)} | undefined;\n`;
  const event = ({ name, description }: Described) => `${doc(description)}  '${name}': HTMLElementEventMap['${name}'];\n`;
  return `export type { ${title}Element };

/** What can be set of \`${element.tag}\` by a script. */
export interface ${title}Properties ${members(settable(element).map(property))}

/** What can be said of \`${element.tag}\` in the page, beside what properties of the same name say. */
export interface ${title}Attributes ${members(furtherAttributes(element).map(attribute))}

/** What \`${element.tag}\` tells. */
export interface ${title}Events ${members(element.events.map(event))}
`;
}

/** Attributes are text to the browser, and frameworks take what becomes text. */
function attributeType(type = 'string') {
  const plain = type.replace(/ \| undefined$/, '');
  if (plain === 'boolean') return "boolean | ''";
  return plain === 'number' ? 'number | string' : plain;
}

/** A sentence as a comment of a declaration. */
export const doc = (description: string | undefined) => (description ? `  /** ${description.replaceAll('*/', '*\\/')} */\n` : '');
