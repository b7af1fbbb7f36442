import type { Plugin } from 'vite';
import { describeElements, manifestOf } from '../scripts/manifest.ts';

const NAME = 'virtual:custom-elements';

/** Gives the preview the custom elements manifest as the sources have it now; an attribute has no control beside its property's. */
export function manifestModule(): Plugin {
  return {
    name: 'manifest-module',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : undefined),
    load(id) {
      if (id !== `\0${NAME}`) return undefined;
      const elements = describeElements().map((element) => ({
        ...element,
        attributes: element.attributes.filter(({ name }) => !element.properties.some(({ attribute }) => attribute === name)),
      }));
      return `export default ${JSON.stringify(manifestOf(elements))}`;
    },
  };
}
