import { render } from 'lit';

/** As much of a story as it takes to show it without Storybook. */
interface Story {
  args?: Record<string, unknown>;
  render?: (args: object, context: object) => unknown;
  play?: (context: object) => Promise<unknown>;
}

/** The modules of stories, by the names of their files. */
export type Stories = Record<string, { default: Story & { component: string } } & Record<string, Story>>;

/** Shows a story in the page's main element, does what it does there, and leaves nothing behind. */
export async function showStory(modules: Stories, file: string, name: string) {
  const { default: meta, [name]: story = {} } = modules[file]!;
  const canvasElement = document.querySelector('main')!;
  const args = { ...meta.args, ...story.args };
  const context = { args, canvasElement, globals: { theme: 'light', locale: 'en' }, loaded: {} };
  const draw = story.render ?? meta.render ?? (() => Object.assign(document.createElement(meta.component), args));
  render(draw(args, context), canvasElement);
  await (story.play ?? meta.play)?.(context);
  for (const element of canvasElement.querySelectorAll('*'))
    await (element as Element & { updateComplete?: Promise<unknown> }).updateComplete;
  await new Promise(requestAnimationFrame);
  render(undefined, canvasElement);
}
