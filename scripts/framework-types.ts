import { titleOf } from './element-types.ts';
import type { ElementDoc } from './manifest.ts';

/** What JSX may say of the elements, for React 19 and whatever takes its types. */
export function jsxTypes(elements: readonly ElementDoc[]): string {
  const one = (element: ElementDoc) => {
    const title = titleOf(element);
    return `      '${element.tag}': Said<M.${title}Element, M.${title}Properties & M.${title}Attributes, M.${title}Events>;\n`;
  };
  return `import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type * as M from './elements.js';

type Heard<Events> = { [Name in keyof Events as \`on\${Name & string}\`]?: ((event: Events[Name]) => void) | undefined };
type Said<Element extends HTMLElement, Own, Events> = Own &
  Heard<Events> &
  Omit<DetailedHTMLProps<HTMLAttributes<Element>, Element>, keyof Own | keyof Heard<Events>>;

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
${elements.map(one).join('')}    }
  }
}
`;
}

/** What Vue's templates may say of the elements. */
export function vueTypes(elements: readonly ElementDoc[]): string {
  const one = (element: ElementDoc) => {
    const title = titleOf(element);
    return `    '${element.tag}': Said<M.${title}Element, M.${title}Properties & M.${title}Attributes, M.${title}Events>;\n`;
  };
  return `import type { EmitFn, HTMLAttributes, PublicProps } from 'vue';
import type * as M from './elements.js';

/** Templates are read with the names of attributes in either spelling. */
type Camel<Name> = Name extends \`\${infer First}-\${infer Rest}\` ? \`\${First}\${Capitalize<Camel<Rest>>}\` : Name;
type Spelled<Own> = Own & { [Name in keyof Own as Camel<Name>]?: Own[Name] };

type Told<Events> = EmitFn<{ [Name in keyof Events]: (event: Events[Name]) => void }>;
type Said<Element extends HTMLElement, Own, Events> = new () => Element & {
  /** Types for Vue's templates; elements have no such field. */
  $props: Spelled<Own> & Omit<HTMLAttributes, keyof Own> & PublicProps;
  /** Types for Vue's templates; elements have no such field. */
  $emit: Told<Events>;
};

declare module 'vue' {
  interface GlobalComponents {
${elements.map(one).join('')}  }
}
`;
}

/** What Svelte's templates may say of the elements, from version 5 on. */
export function svelteTypes(elements: readonly ElementDoc[]): string {
  const one = (element: ElementDoc) => {
    const title = titleOf(element);
    return `    '${element.tag}': Said<M.${title}Element, M.${title}Properties & M.${title}Attributes, M.${title}Events>;\n`;
  };
  return `import type { HTMLAttributes } from 'svelte/elements';
import type * as M from './elements.js';

type Heard<Events> = { [Name in keyof Events as \`on\${Name & string}\`]?: ((event: Events[Name]) => void) | null | undefined };
type Said<Element extends HTMLElement, Own, Events> = Own &
  Heard<Events> &
  Omit<HTMLAttributes<Element>, keyof Own | keyof Heard<Events>>;

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
${elements.map(one).join('')}  }
}
`;
}
