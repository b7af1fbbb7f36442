import type { PublicForm } from '../../src/contract/capture.ts';

type Theme = PublicForm['theme'];

const RADII = { none: '0', small: '.25rem', medium: '.5rem', large: '.875rem' };
const SURFACES = { light: '#ffffff', dark: '#161b24' };

/**
 * A form's theme as rules of a style sheet. Whatever is no colour and no name of a font is left out, so that nothing in it can
 * end a rule and begin another.
 */
export function themeRules(theme: Theme): string {
  const rules: string[] = [];
  const scheme = theme.color_scheme;
  const background = colorOf(theme.background);
  const text = colorOf(theme.text_color) ?? (background && readableOn(background));
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
  if (theme.radius) rules.push(`--radius: ${RADII[theme.radius]}`);
  if (theme.density === 'compact') rules.push('--gap: .875rem', '--control: 2.25rem');
  const font = theme.font_family;
  if (font !== undefined && isFont(font)) rules.push(`--font: ${font}`);
  return rules.length > 0 ? `:root { ${rules.join('; ')} }` : '';
}

const colorOf = (color: string | undefined) => (color !== undefined && /^#[\da-f]{6}$/i.test(color) ? color : undefined);

/** Names of fonts with commas between, each in whole quotes or none. */
const isFont = (family: string) =>
  /^\s*(?:"[\w\s-]+"|'[\w\s-]+'|[\w\s-]+)(?:,\s*(?:"[\w\s-]+"|'[\w\s-]+'|[\w\s-]+))*$/.test(family);

const BLACK = '#000000';
const WHITE = '#ffffff';

const readableOn = (color: string) => (contrast(color, WHITE) >= contrast(color, BLACK) ? WHITE : BLACK);

/** The ratio of two colours' luminance, as WCAG has it. */
function contrast(one: string, other: string): number {
  const [less, more] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (more! + 0.05) / (less! + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
