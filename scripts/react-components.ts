import { furtherAttributes, moduleOf, settable, titleOf } from './element-types.ts';
import type { ElementDoc } from './manifest.ts';

/** `onMillContactOpen` for `mill-contact-open`. */
const handlerOf = (event: string) => `on${event.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())}`;

/** What all of the React components are made by: it sets properties as such and hears the element's own events. */
export const REACT_ELEMENT = `import { createElement, forwardRef, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react';

// On a server nothing is laid out, and React would say so.
const useEffectAtOnce = typeof document === 'undefined' ? useEffect : useLayoutEffect;

/** A React component of an element; \`handlers\` are the names of its events by those of their props. */
export function componentOf(tag, name, properties, handlers) {
  const isProperty = new Set(properties);
  const Component = forwardRef((props, ref) => {
    const element = useRef(null);
    const given = useRef({});
    const heard = useRef(props);
    const attributes = { ref: element };
    for (const [prop, value] of Object.entries(props)) {
      if (!isProperty.has(prop) && !(prop in handlers)) attributes[prop] = value;
    }
    useImperativeHandle(ref, () => element.current, []);
    useEffectAtOnce(() => {
      heard.current = props;
      for (const property of properties) {
        if (property in props ? props[property] === given.current[property] : !(property in given.current)) continue;
        element.current[property] = props[property];
      }
      given.current = Object.fromEntries(properties.filter((one) => one in props).map((one) => [one, props[one]]));
    });
    useEffectAtOnce(() => {
      const present = element.current;
      const listeners = Object.entries(handlers).map(([prop, event]) => [event, (told) => heard.current[prop]?.(told)]);
      for (const [event, listener] of listeners) present.addEventListener(event, listener);
      return () => {
        for (const [event, listener] of listeners) present.removeEventListener(event, listener);
      };
    }, []);
    return createElement(tag, attributes);
  });
  Component.displayName = name;
  return Component;
}
`;

export const REACT_ELEMENT_TYPES = `import type { ForwardRefExoticComponent, HTMLAttributes, ReactNode, RefAttributes } from 'react';

/** The props of an element's component: its own, and what every HTML element takes. */
export type PropsOf<Element extends HTMLElement, Own> = Own &
  Omit<HTMLAttributes<Element>, keyof Own> & { children?: ReactNode };

export type ComponentOf<Element extends HTMLElement, Own> = ForwardRefExoticComponent<PropsOf<Element, Own> & RefAttributes<Element>>;
`;

/** The module of one element's component, which registers the element. */
export function reactComponent(element: ElementDoc): string {
  const title = titleOf(element);
  const properties = settable(element).map(({ name }) => name);
  const handlers = Object.fromEntries(element.events.map(({ name }) => [handlerOf(name), name]));
  return `import '${moduleOf(element).replace(/\.js$/, '.define.js')}';
import { componentOf } from './component-of.js';

export const ${title} = componentOf('${element.tag}', '${title}', ${JSON.stringify(properties)}, ${JSON.stringify(handlers)});
`;
}

/** Its types. */
export function reactComponentTypes(element: ElementDoc): string {
  const title = titleOf(element);
  const handler = ({ name, description }: ElementDoc['events'][number]) =>
    `  /** ${description ?? ''} */\n  ${handlerOf(name)}?: ((event: M.${title}Events['${name}']) => void) | undefined;\n`;
  const own = furtherAttributes(element).length > 0 ? `M.${title}Properties, M.${title}Attributes` : `M.${title}Properties`;
  return `import type * as M from '../types/elements.js';
import type { ComponentOf, PropsOf } from './component-of.js';

interface Own extends ${own} {
${element.events.map(handler).join('')}}

export type ${title}Props = PropsOf<M.${title}Element, Own>;

/** ${element.description} */
export declare const ${title}: ComponentOf<M.${title}Element, Own>;
`;
}
