import type { Trigger } from '../../src/contract/form-definition.ts';
import type { Showing } from '../parts.ts';
import { root } from './page-document.ts';
import { matches } from './patterns.ts';

/** Calls `fire` at the trigger's moment, perhaps again and again, until the signal; what must look at the page anew joins `looks`. */
export function watch(
  { on, value = 5 }: Trigger,
  element: Element,
  fire: (why?: Showing) => void,
  signal: AbortSignal,
  looks: Set<() => void>,
) {
  const text = `${value}`;
  const number = Number(value);
  let timer: unknown;
  const hear = (type: string, heard: (event: never) => void) =>
    addEventListener(type, heard as EventListener, { signal, capture: true });
  const wait = (then = () => fire()) => {
    clearTimeout(timer as number);
    timer = setTimeout(then, number * 1_000);
  };

  if (on === 'load' || (on === 'url' && matches(`*${text}*`, location.href))) fire();
  if (on === 'event') hear(text, () => fire());
  if (on === 'click') hear('click', ({ target }: { target: Element }) => target.closest(text) && fire('open'));
  if (on === 'scroll') hear('scroll', () => scrollY >= ((root.scrollHeight - innerHeight) * number) / 100 && fire());
  if (on === 'time' || on === 'idle') wait();
  if (on === 'idle') for (const type of ['pointermove', 'keydown', 'scroll']) hear(type, () => wait());
  if (on === 'exit')
    wait(() => {
      hear('mouseout', ({ relatedTarget, clientY }: MouseEvent) => relatedTarget || clientY > 0 || fire());
      if (!matchMedia('(pointer:coarse)').matches) return;
      hear('visibilitychange', () => fire());
      // Half a screen back up at one stroke is the way to the address bar.
      let from = 0;
      let since = 0;
      hear('scroll', ({ timeStamp }: Event) => {
        if (scrollY < from - innerHeight / 2) fire();
        if (scrollY < from && timeStamp < since + 300) return;
        from = scrollY;
        since = timeStamp;
      });
    });
  if (on === 'seen') {
    const observer = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && fire());
    const look = () => {
      if (signal.aborted) observer.disconnect();
      else for (const target of value === 5 ? [element] : root.querySelectorAll(text)) observer.observe(target);
    };
    look();
    looks.add(look);
  }
}
