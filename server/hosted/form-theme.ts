import type { PublicTheme } from '../../src/contract/capture.ts';
import { BLACK, contrast, readableOn } from './contrast.ts';

const SURFACES = { light: '#ffffff', dark: '#161b24' };

/**
 * A form's theme as rules of a style sheet. Whatever is no colour and no name of a font is left out, so that nothing in it can
 * end a rule and begin another.
 */
export function themeRules(theme: PublicTheme): string {
  const rules: string[] = [];
  const scheme = theme.color_scheme;
  const background = colorOf(theme.background);
  const text = colorOf(theme.text_color);
  const brand = colorOf(theme.brand_color);
  // Controls are the browser's own: they go with a background that the author has chosen.
  if (background) rules.push(`color-scheme: ${readableOn(background) === BLACK ? 'light' : 'dark'}`);
  else if (scheme === 'light' || scheme === 'dark') rules.push(`color-scheme: ${scheme}`);
  if (background) rules.push(`--page: ${background}`, `--surface: ${background}`);
  if (text) rules.push(`--text: ${text}`, `--quiet: ${text}`);
  if (brand) {
    const seen = (surface: string) => (contrast(brand, surface) >= 3 ? brand : 'var(--text)');
    rules.push(`--brand: ${brand}`, `--on-brand: ${readableOn(brand)}`);
    rules.push(`--mark: ${background ? seen(background) : `light-dark(${seen(SURFACES.light)}, ${seen(SURFACES.dark)})`}`);
  }
  if (theme.radius) rules.push(`--radius: ${theme.radius}`);
  if (theme.space) rules.push('--gap: .875rem', '--control: 2.25rem');
  const font = theme.font_family;
  if (font !== undefined && isFont(font)) rules.push(`--font: ${font}`);
  return rules.length > 0 ? `:root { ${rules.join('; ')} }` : '';
}

const colorOf = (color: string | undefined) => (color !== undefined && /^#[\da-f]{6}$/i.test(color) ? color : undefined);

/** Names of fonts with commas between, each in whole quotes or none. */
const isFont = (family: string) =>
  /^\s*(?:"[\w\s-]+"|'[\w\s-]+'|[\w\s-]+)(?:,\s*(?:"[\w\s-]+"|'[\w\s-]+'|[\w\s-]+))*$/.test(family);
