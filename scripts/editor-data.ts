import type { Described } from './analyzer.ts';
import { settable } from './element-types.ts';
import type { ElementDoc } from './manifest.ts';

/** What VS Code offers and explains in HTML, by its `html.customData`. */
export function htmlData(elements: readonly ElementDoc[]): object {
  return {
    $schema: 'https://raw.githubusercontent.com/microsoft/vscode-html-languageservice/main/docs/customData.schema.json',
    version: 1.1,
    tags: elements.map((element) => ({
      name: element.tag,
      description: { kind: 'markdown', value: explanationOf(element) },
      attributes: element.attributes.map((attribute) => ({
        name: attribute.name,
        ...(attribute.description && { description: attribute.description }),
        ...(wordsOf(attribute).length > 0 && { values: wordsOf(attribute).map((name) => ({ name })) }),
        ...(attribute.type?.text === 'boolean' && { valueSet: 'v' }),
      })),
    })),
  };
}

/** What JetBrains' editors offer and explain, in HTML and in the templates of frameworks. */
export function webTypes(elements: readonly ElementDoc[], { name, version }: { name: string; version: string }): object {
  return {
    $schema: 'https://json.schemastore.org/web-types',
    name,
    version,
    'description-markup': 'markdown',
    contributions: { html: { elements: elements.map(contributionOf) } },
  };
}

function contributionOf(element: ElementDoc) {
  const { tag, description, folder, className, attributes, events, slots, parts, cssProperties } = element;
  const typed = (one: Described) => ({ ...named(one), ...(one.type && { value: { type: typeIn(one) } }) });
  return {
    name: tag,
    description,
    source: { module: `./dist/src/components/${folder}/${folder}.js`, symbol: className },
    attributes: attributes.map((one) => ({ ...typed(one), ...(one.default && { default: one.default }) })),
    slots: slots.map((one) => ({ ...named(one), name: one.name || 'default' })),
    js: {
      properties: settable(element).map((one) => ({ ...named(one), ...(one.type && { type: typeIn(one) }) })),
      events: events.map((one) => ({ ...named(one), ...(one.type && { type: one.type.text }) })),
    },
    css: {
      properties: cssProperties.map(named),
      parts: parts.map(named),
    },
  };
}

const named = ({ name, description }: Described) => ({ name, ...(description && { description }) });

/** Words are told one by one, and other types as they are written. */
const typeIn = (one: Described) => {
  const words = wordsOf(one);
  return words.length > 0 ? words.map((word) => JSON.stringify(word)) : one.type!.text;
};

const wordsOf = ({ type }: Described) => [...(type?.text ?? '').matchAll(/'([^']*)'/g)].map(([, word]) => word!);

function explanationOf({ description, events, slots, parts }: ElementDoc) {
  const line = ({ name, description = '' }: Described) => `- \`${name || 'default'}\` ${description}`;
  const list = (title: string, all: readonly Described[]) => (all.length === 0 ? [] : [`**${title}**`, all.map(line).join('\n')]);
  return [description, ...list('Events', events), ...list('Slots', slots), ...list('Parts', parts)].join('\n\n');
}
