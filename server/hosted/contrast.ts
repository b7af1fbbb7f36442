export const BLACK = '#000000';
const WHITE = '#ffffff';

/** Black or white, whichever is read more easily on a colour like #1a2b3c. */
export const readableOn = (color: string) => (contrast(color, WHITE) >= contrast(color, BLACK) ? WHITE : BLACK);

/** The ratio of two colours' luminance, as WCAG has it. */
export function contrast(one: string, other: string): number {
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
