import type { Decorator } from '@storybook/web-components-vite';

const RIGHT_TO_LEFT = new Set(['ar']);

/** Dresses the page as the toolbars say, in the way that a host's page would: by what elements inherit from it. */
export const dressPage: Decorator = (story, { globals }) => {
  const { theme, density, direction, locale } = globals as Record<'theme' | 'density' | 'direction' | 'locale', string>;
  const root = document.documentElement;
  root.lang = locale;
  root.dir = direction === 'auto' ? (RIGHT_TO_LEFT.has(locale) ? 'rtl' : 'ltr') : direction;
  root.dataset.theme = theme;
  root.dataset.density = density;
  return story();
};
