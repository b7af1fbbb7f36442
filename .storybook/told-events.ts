import type { Decorator } from '@storybook/web-components-vite';
import manifest from 'virtual:custom-elements';
import { action } from 'storybook/actions';

const events = new Map(
  manifest.modules.flatMap(({ declarations }) => declarations.map((element) => [element.tagName, element.events] as const)),
);

/** Shows the events of a story's element, as the manifest names them, in the panel of actions. */
export const tellEvents: Decorator = (story, { component, canvasElement, id }) => {
  const canvas = canvasElement as HTMLElement & { toldBy?: AbortController };
  canvas.toldBy?.abort();
  const { signal } = (canvas.toldBy = new AbortController());
  for (const { name } of events.get(String(component)) ?? []) {
    canvas.addEventListener(name, (event) => action(name, { id } as object)((event as CustomEvent).detail), { signal });
  }
  return story();
};
