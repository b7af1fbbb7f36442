import { html } from 'lit';
import type { TooltipController } from '../../controllers/tooltip-controller.ts';

/** The one tooltip of a shadow root, for everything there that has `data-tooltip`; screen readers are told by names and descriptions. */
export function tooltip(tooltip: TooltipController) {
  return html`<div class="tooltip" id=${tooltip.id} popover="manual" aria-hidden="true">${tooltip.text}</div>`;
}
