import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  allAngularDirectives,
  allAngularDirectivesTypes,
  ANGULAR_DIRECTIVE,
  angularDirective,
  angularDirectiveTypes,
} from './angular-directives.ts';
import { htmlData, webTypes } from './editor-data.ts';
import { elementTypes, titleOf } from './element-types.ts';
import { jsxTypes, svelteTypes, vueTypes } from './framework-types.ts';
import { describeElements, manifestOf, type ElementDoc } from './manifest.ts';
import { REACT_ELEMENT, REACT_ELEMENT_TYPES, reactComponent, reactComponentTypes } from './react-components.ts';

const root = join(import.meta.dirname, '..');

/** Writes into what was built of the package all that is made from its manifest: the manifest, wrappers, types and editors' data. */
export function writeWrappers(output = join(root, 'dist')) {
  const elements = describeElements();
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string };
  const files: Record<string, string> = {
    'custom-elements.json': json(manifestOf(elements)),
    'html-data.json': json(htmlData(elements)),
    'web-types.json': json(webTypes(elements, { name, version })),
    'types/elements.d.ts': elementTypes(elements),
    'types/elements.js': NOTHING,
    'types/jsx.d.ts': jsxTypes(elements),
    'types/jsx.js': NOTHING,
    'types/vue.d.ts': vueTypes(elements),
    'types/vue.js': NOTHING,
    'types/svelte.d.ts': svelteTypes(elements),
    'types/svelte.js': NOTHING,
    'angular/directive.js': ANGULAR_DIRECTIVE,
    'angular/all.js': allAngularDirectives(elements),
    'angular/all.d.ts': allAngularDirectivesTypes(elements),
    'angular/index.js': `${exportsOf(elements)}export { MILLRACE } from './all.js';\n`,
    'angular/index.d.ts': `${exportsOf(elements)}export { MILLRACE } from './all.js';\n`,
    'react/component-of.js': REACT_ELEMENT,
    'react/component-of.d.ts': REACT_ELEMENT_TYPES,
    'react/index.js': exportsOf(elements),
    'react/index.d.ts': elements
      .map((element) => `export { ${titleOf(element)}, type ${titleOf(element)}Props } from './${element.folder}.js';\n`)
      .join(''),
  };
  for (const element of elements) {
    files[`angular/${element.folder}.js`] = angularDirective(element);
    files[`angular/${element.folder}.d.ts`] = angularDirectiveTypes(element);
    files[`react/${element.folder}.js`] = reactComponent(element);
    files[`react/${element.folder}.d.ts`] = reactComponentTypes(element);
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(output, path, '..'), { recursive: true });
    writeFileSync(join(output, path), text);
  }
}

/** Each element by its title, out of a module of its own: who takes one of them gets no other. */
const exportsOf = (elements: readonly ElementDoc[]) =>
  elements.map((element) => `export { ${titleOf(element)} } from './${element.folder}.js';\n`).join('');

/** What a module of types is at run time. */
const NOTHING = 'export {};\n';

const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
