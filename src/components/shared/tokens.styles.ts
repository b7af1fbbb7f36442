import { css } from 'lit';

/**
 * The look of every element in three layers. A page sets `--mill-…` on the element or anything around it and wins;
 * elements read the `--_…` twin, which falls back to the layer below. Light and dark follow `color-scheme`.
 */
export default css`
  :host {
    /* Primitive: what there is. */
    --_gray-0: var(--mill-gray-0, #ffffff);
    --_gray-50: var(--mill-gray-50, #f6f8fa);
    --_gray-100: var(--mill-gray-100, #edf0f4);
    --_gray-200: var(--mill-gray-200, #dde2e9);
    --_gray-300: var(--mill-gray-300, #c3cbd6);
    --_gray-400: var(--mill-gray-400, #98a3b3);
    --_gray-500: var(--mill-gray-500, #727e90);
    --_gray-600: var(--mill-gray-600, #556072);
    --_gray-700: var(--mill-gray-700, #3c4656);
    --_gray-800: var(--mill-gray-800, #262e3b);
    --_gray-850: var(--mill-gray-850, #1d242f);
    --_gray-900: var(--mill-gray-900, #161b24);
    --_gray-950: var(--mill-gray-950, #0e1219);
    --_blue-100: var(--mill-blue-100, #e0effa);
    --_blue-300: var(--mill-blue-300, #82c3f2);
    --_blue-600: var(--mill-blue-600, #0f6cad);
    --_blue-700: var(--mill-blue-700, #0b578d);
    --_blue-900: var(--mill-blue-900, #0c2d47);
    --_green-100: var(--mill-green-100, #dcf3e4);
    --_green-300: var(--mill-green-300, #86dba8);
    --_green-700: var(--mill-green-700, #12693a);
    --_green-900: var(--mill-green-900, #10331f);
    --_red-100: var(--mill-red-100, #fde6e4);
    --_red-300: var(--mill-red-300, #ffa9a1);
    --_red-700: var(--mill-red-700, #a8261b);
    --_red-900: var(--mill-red-900, #431815);
    --_amber-100: var(--mill-amber-100, #fdf0d5);
    --_amber-300: var(--mill-amber-300, #f2c879);
    --_amber-700: var(--mill-amber-700, #7d4e06);
    --_amber-900: var(--mill-amber-900, #3a2907);
    --_radius-small: var(--mill-radius-small, 0.375rem);
    --_radius-large: var(--mill-radius-large, 0.75rem);
    --_text-small: var(--mill-text-small, 0.8125rem);
    --_text-medium: var(--mill-text-medium, 0.9375rem);
    --_text-large: var(--mill-text-large, 1.0625rem);

    /* Semantic: what it is for. */
    --_font: var(--mill-font, inherit);
    --_text: var(--mill-text, light-dark(var(--_gray-900), var(--_gray-100)));
    --_text-muted: var(--mill-text-muted, light-dark(var(--_gray-600), var(--_gray-400)));
    --_surface: var(--mill-surface, light-dark(var(--_gray-0), var(--_gray-900)));
    --_surface-sunken: var(--mill-surface-sunken, light-dark(var(--_gray-50), var(--_gray-850)));
    --_surface-hover: var(--mill-surface-hover, light-dark(var(--_gray-50), var(--_gray-850)));
    --_border: var(--mill-border, light-dark(var(--_gray-200), var(--_gray-800)));
    --_border-control: var(--mill-border-control, light-dark(var(--_gray-500), var(--_gray-500)));
    --_accent: var(--mill-accent, light-dark(var(--_blue-600), var(--_blue-300)));
    --_accent-hover: var(--mill-accent-hover, light-dark(var(--_blue-700), var(--_blue-100)));
    --_on-accent: var(--mill-on-accent, light-dark(var(--_gray-0), var(--_gray-950)));
    --_accent-surface: var(--mill-accent-surface, light-dark(var(--_blue-100), var(--_blue-900)));
    --_focus: var(--mill-focus, var(--_accent));
    --_good: var(--mill-good, light-dark(var(--_green-700), var(--_green-300)));
    --_good-surface: var(--mill-good-surface, light-dark(var(--_green-100), var(--_green-900)));
    --_bad: var(--mill-bad, light-dark(var(--_red-700), var(--_red-300)));
    --_bad-surface: var(--mill-bad-surface, light-dark(var(--_red-100), var(--_red-900)));
    --_warning: var(--mill-warning, light-dark(var(--_amber-700), var(--_amber-300)));
    --_warning-surface: var(--mill-warning-surface, light-dark(var(--_amber-100), var(--_amber-900)));
    --_neutral: var(--mill-neutral, light-dark(var(--_gray-700), var(--_gray-300)));
    --_neutral-surface: var(--mill-neutral-surface, light-dark(var(--_gray-100), var(--_gray-800)));

    /* Component: where it is used. */
    --_control-height: var(--mill-control-height, 2.5rem);
    --_control-radius: var(--mill-control-radius, var(--_radius-small));
    --_control-surface: var(--mill-control-surface, var(--_surface));
    --_badge-radius: var(--mill-badge-radius, 1rem);
    --_table-row-height: var(--mill-table-row-height, 3.25rem);
    --_table-radius: var(--mill-table-radius, var(--_radius-large));
    --_table-header-surface: var(--mill-table-header-surface, var(--_surface-sunken));
  }

  @media (pointer: coarse) {
    :host {
      --_control-height: var(--mill-control-height, 2.75rem);
    }
  }
`;
