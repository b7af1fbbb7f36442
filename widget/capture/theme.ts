import type { PublicForm } from '../../src/contract/capture.ts';

const RADII = { none: '0', small: '4px', medium: '8px', large: '14px' };

/** The author's choices as custom properties, beneath those that the page sets, and the height that an inline form reserves. */
export function themeOf({ theme, heights, display }: PublicForm): CSSStyleSheet {
  const { brand_color, background, text_color, font_family, radius, color_scheme, density } = theme;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`.root{}:host{display:${display.mode === 'inline' ? 'block' : 'contents'}}`);
  const { style } = sheet.cssRules[0] as CSSStyleRule;
  const set = (name: string, value: string | undefined) => value && style.setProperty(name, value);
  set('--_brand', brand_color);
  set('--_background', background);
  set('--_ink', text_color ?? (background && `color(from ${background} srgb-linear var(--_far) var(--_far) var(--_far))`));
  set('--_family', font_family);
  set('--_radius', radius && RADII[radius]);
  set('--_space', density === 'compact' ? '10px' : undefined);
  set('color-scheme', color_scheme === 'system' ? 'light dark' : color_scheme);
  if (display.mode === 'inline')
    for (const [width, height] of heights)
      sheet.insertRule(`@container (min-width:${width}px){.panel{min-block-size:${height}px}}`, sheet.cssRules.length);
  return sheet;
}
