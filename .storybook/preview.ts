import { setCustomElementsManifest, type Preview } from '@storybook/web-components-vite';
import manifest from 'virtual:custom-elements';
import { controlsByType } from './controls.ts';
import { drawElement } from './draw-element.ts';
import { dressPage } from './page-looks.ts';
import './preview.css';
import { tellEvents } from './told-events.ts';

setCustomElementsManifest(manifest);

const preview: Preview = {
  tags: ['autodocs'],
  render: drawElement,
  decorators: [dressPage, tellEvents],
  argTypesEnhancers: [controlsByType],
  initialGlobals: { theme: 'light', density: 'comfortable', direction: 'auto', locale: 'en' },
  globalTypes: {
    theme: toolbar('Theme', 'paintbrush', { light: 'Light', dark: 'Dark', system: 'As the system has it', brand: 'A brand' }),
    density: toolbar('Density', 'component', { comfortable: 'Comfortable', compact: 'Compact' }),
    direction: toolbar('Direction', 'transfer', {
      auto: 'As the language is written',
      ltr: 'Left to right',
      rtl: 'Right to left',
    }),
    locale: toolbar('Language', 'globe', { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', ar: 'العربية' }),
  },
  parameters: {
    a11y: { test: 'error' },
    // The theme is the toolbar's matter, and the addon's own would paint over it.
    backgrounds: { disable: true },
    controls: { expanded: true, sort: 'requiredFirst' },
    options: {
      // Read without being run, so it holds no names.
      storySort: {
        order: [
          'Guides',
          [
            'Getting started',
            'React',
            'Vue',
            'Svelte',
            'Angular',
            'Data and auth',
            'Forms',
            'Events',
            'Theming',
            'Accessibility',
            'Performance',
            'Content security policy',
            'Plain HTML',
            '*',
          ],
          'Components',
          'Live',
          '*',
        ],
      },
    },
    docs: { toc: true },
  },
};
export default preview;

function toolbar(title: string, icon: string, items: Record<string, string>) {
  return {
    description: title,
    toolbar: { title, icon, dynamicTitle: true, items: Object.entries(items).map(([value, title]) => ({ value, title })) },
  };
}
