import { css } from 'lit';

/**
 * The look of every element in three layers. A page sets `--mill-…` on the element or anything around it and wins;
 * elements read the `--_…` twin, which falls back to the layer below. Light and dark follow `color-scheme`, density follows
 * the number `--mill-density`: 1 is comfortable, 0 compact, and what lies between is allowed. A brand needs no more than
 * `--mill-accent`, `--mill-accent-hover`, `--mill-on-accent`, `--mill-accent-surface`, `--mill-font` and the two radii.
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
    --_violet-100: var(--mill-violet-100, #ece9fb);
    --_violet-300: var(--mill-violet-300, #bfb3f5);
    --_violet-700: var(--mill-violet-700, #5a3fb0);
    --_violet-900: var(--mill-violet-900, #291f4d);
    --_teal-100: var(--mill-teal-100, #d9f1f1);
    --_teal-300: var(--mill-teal-300, #7fd3d4);
    --_teal-700: var(--mill-teal-700, #0d6266);
    --_teal-900: var(--mill-teal-900, #0a3133);
    --_radius-small: var(--mill-radius-small, 0.375rem);
    --_radius-large: var(--mill-radius-large, 0.75rem);
    --_text-xsmall: var(--mill-text-xsmall, 0.75rem);
    --_text-small: var(--mill-text-small, 0.8125rem);
    --_text-medium: var(--mill-text-medium, 0.9375rem);
    --_text-large: var(--mill-text-large, 1.0625rem);
    --_text-xlarge: var(--mill-text-xlarge, 1.25rem);
    --_weight-medium: var(--mill-weight-medium, 550);
    --_weight-bold: var(--mill-weight-bold, 620);
    --_space-1: var(--mill-space-1, 0.25rem);
    --_space-2: var(--mill-space-2, 0.5rem);
    --_space-3: var(--mill-space-3, 0.75rem);
    --_space-4: var(--mill-space-4, 1rem);
    --_space-5: var(--mill-space-5, 1.5rem);
    --_space-6: var(--mill-space-6, 2rem);
    --_density: var(--mill-density, 1);
    --_duration-short: var(--mill-duration-short, 120ms);
    --_duration-long: var(--mill-duration-long, 200ms);
    --_easing: var(--mill-easing, cubic-bezier(0.2, 0.7, 0.3, 1));
    --_shade: var(--mill-shade, light-dark(rgb(22 27 36 / 0.08), rgb(0 0 0 / 0.35)));
    --_shade-deep: var(--mill-shade-deep, light-dark(rgb(22 27 36 / 0.16), rgb(0 0 0 / 0.55)));

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
    --_surface-raised: var(--mill-surface-raised, light-dark(var(--_gray-0), var(--_gray-850)));
    --_border-raised: var(--mill-border-raised, light-dark(var(--_gray-200), var(--_gray-700)));
    --_surface-pressed: var(--mill-surface-pressed, light-dark(var(--_gray-200), var(--_gray-700)));
    --_backdrop: var(--mill-backdrop, light-dark(rgb(22 27 36 / 0.45), rgb(0 0 0 / 0.6)));
    --_shadow-small: var(--mill-shadow-small, 0 1px 2px var(--_shade));
    --_shadow-large: var(--mill-shadow-large, 0 2px 6px var(--_shade), 0 12px 32px -4px var(--_shade-deep));
    --_neutral: var(--mill-neutral, light-dark(var(--_gray-700), var(--_gray-300)));
    --_neutral-surface: var(--mill-neutral-surface, light-dark(var(--_gray-100), var(--_gray-800)));

    /* Component: where it is used. */
    --_control-height: var(--mill-control-height, calc(2rem + 0.5rem * var(--_density)));
    --_control-height-small: var(--mill-control-height-small, calc(1.75rem + 0.25rem * var(--_density)));
    --_control-padding: var(--mill-control-padding, calc(0.625rem + 0.125rem * var(--_density)));
    --_control-text: var(--mill-control-text, var(--_text-medium));
    --_button-border: var(--mill-button-border, light-dark(var(--_gray-300), var(--_gray-700)));
    --_control-radius: var(--mill-control-radius, var(--_radius-small));
    --_control-surface: var(--mill-control-surface, var(--_surface));
    --_field-gap: var(--mill-field-gap, calc(0.75rem + 0.5rem * var(--_density)));
    --_menu-radius: var(--mill-menu-radius, calc(var(--_radius-small) + 0.25rem));
    --_dialog-radius: var(--mill-dialog-radius, var(--_radius-large));
    --_badge-radius: var(--mill-badge-radius, 1rem);
    --_table-row-height: var(--mill-table-row-height, calc(2.375rem + 0.875rem * var(--_density)));
    --_table-radius: var(--mill-table-radius, var(--_radius-large));
    --_table-header-surface: var(--mill-table-header-surface, var(--_surface-sunken));
  }

  @media (pointer: coarse) {
    :host {
      --_control-height: var(--mill-control-height, 2.75rem);
      --_control-height-small: var(--mill-control-height-small, 2.75rem);
      --_control-text: var(--mill-control-text, max(1rem, var(--_text-medium)));
    }
  }
`;
