import type { Described } from './analyzer.ts';
import { furtherAttributes, moduleOf, settable, titleOf } from './element-types.ts';
import type { ElementDoc } from './manifest.ts';

/** The oldest Angular whose linker reads these declarations, and the one that they are written for. */
const MIN_VERSION = '14.0.0';
const VERSION = '19.0.0';

/** A name in the way of classes: `millContactOpen`. */
const fieldOf = (name: string) => name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Attributes that no input of the same name covers. */
const attributeInputs = (element: ElementDoc) =>
  furtherAttributes(element).filter(({ name }) => !settable(element).some((property) => property.name === fieldOf(name)));

/** What the directives have in common. */
export const ANGULAR_DIRECTIVE = `// Angular listens on the element itself; what its outputs emitted would be heard twice.
export const onTheElement = { subscribe: () => ({ unsubscribe() {} }) };

export const say = (element, name, value) =>
  value == null || value === false ? element.removeAttribute(name) : element.setAttribute(name, value === true ? '' : value);
`;

/**
 * The module of the directive by which Angular's templates know one element, which it registers: its inputs set properties, and
 * its outputs give events their types. In the form that libraries are published in, so that each version of Angular links it
 * for itself.
 */
export function angularDirective(element: ElementDoc): string {
  return `import * as i0 from '@angular/core';
import '${moduleOf(element).replace(/\.js$/, '.define.js')}';
import { onTheElement, say } from './directive.js';

${directive(element)}`;
}

/** The module of all directives together. A module of its own, so that no app has them all for having one. */
export function allAngularDirectives(elements: readonly ElementDoc[]): string {
  return `${elements.map((element) => `import { ${titleOf(element)} } from './${element.folder}.js';\n`).join('')}
export const MILLRACE = [${elements.map(titleOf).join(', ')}];
`;
}

function directive(element: ElementDoc): string {
  const title = titleOf(element);
  const { events } = element;
  const properties = settable(element).map(({ name }) => name);
  const attributes = attributeInputs(element).map(({ name }) => name);
  const property = (name: string) =>
    `  get ${name}() {\n    return this.element.${name};\n  }\n  set ${name}(value) {\n    this.element.${name} = value;\n  }\n`;
  const attribute = (name: string) => `  set ${fieldOf(name)}(value) {\n    say(this.element, '${name}', value);\n  }\n`;
  const inputs = [...properties.map((name) => [name, name]), ...attributes.map((name) => [fieldOf(name), [name, fieldOf(name)]])];
  const outputs = events.map(({ name }) => [fieldOf(name), name]);
  return `export class ${title} {
  element = i0.inject(i0.ElementRef).nativeElement;
${events.map(({ name }) => `  ${fieldOf(name)} = onTheElement;\n`).join('')}${properties.map(property).join('')}${attributes.map(attribute).join('')}}
${title}.ɵfac = i0.ɵɵngDeclareFactory({
  minVersion: '${MIN_VERSION}',
  version: '${VERSION}',
  ngImport: i0,
  type: ${title},
  deps: [],
  target: i0.ɵɵFactoryTarget.Directive,
});
${title}.ɵdir = i0.ɵɵngDeclareDirective({
  minVersion: '${MIN_VERSION}',
  version: '${VERSION}',
  ngImport: i0,
  type: ${title},
  isStandalone: true,
  selector: '${element.tag}',
  inputs: ${JSON.stringify(Object.fromEntries(inputs))},
  outputs: ${JSON.stringify(Object.fromEntries(outputs))},
});
`;
}

/** The types of one element's directive. */
export function angularDirectiveTypes(element: ElementDoc): string {
  return `import type * as i0 from '@angular/core';
import type * as M from '../types/elements.js';

${directiveTypes(element)}`;
}

export function allAngularDirectivesTypes(elements: readonly ElementDoc[]): string {
  return `${elements.map((element) => `import { ${titleOf(element)} } from './${element.folder}.js';\n`).join('')}
/** All of them, for the \`imports\` of a component. */
export declare const MILLRACE: readonly [${elements.map((element) => `typeof ${titleOf(element)}`).join(', ')}];
`;
}

function directiveTypes(element: ElementDoc): string {
  const title = titleOf(element);
  const attributes = attributeInputs(element);
  const input = (field: string, name: string) => `      '${field}': { alias: '${name}'; required: false };\n`;
  const comment = ({ description }: Described) => (description ? `  /** ${description} */\n` : '');
  return `/** ${element.description} */
export declare class ${title} {
  /** The element itself, for its methods. */
  readonly element: M.${title}Element;
${settable(element)
  .map((one) => `${comment(one)}  ${one.name}: M.${title}Properties['${one.name}'];\n`)
  .join(
    '',
  )}${attributes.map((one) => `${comment(one)}  set ${fieldOf(one.name)}(value: M.${title}Attributes['${one.name}']);\n`).join('')}${element.events
    .map((one) => `${comment(one)}  readonly ${fieldOf(one.name)}: i0.OutputRef<M.${title}Events['${one.name}']>;\n`)
    .join('')}  static ɵfac: i0.ɵɵFactoryDeclaration<${title}, never>;
  static ɵdir: i0.ɵɵDirectiveDeclaration<
    ${title},
    '${element.tag}',
    never,
    {
${settable(element)
  .map(({ name }) => input(name, name))
  .join('')}${attributes.map(({ name }) => input(fieldOf(name), name)).join('')}    },
    { ${element.events.map(({ name }) => `'${fieldOf(name)}': '${name}'`).join('; ')} },
    never,
    never,
    true,
    never
  >;
}
`;
}
