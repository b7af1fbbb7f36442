import { html, nothing } from 'lit';
import type { MenuController } from '../../controllers/menu-controller.ts';
import { button, type ButtonParts } from './button.ts';
import { icons } from './icons.ts';

export interface MenuItem {
  text: string;
  act: () => void;
  icon?: unknown;
  /** What is said below the text. */
  detail?: string | undefined;
  kind?: 'plain' | 'danger' | undefined;
  /** Whether it is on, for items that are switched. */
  isChecked?: boolean | undefined;
  isDisabled?: boolean | undefined;
}

export interface MenuParts {
  menu: MenuController;
  /** What screen readers call it. */
  label: string;
  /** What can be chosen; `line` stands between groups. */
  items: readonly (MenuItem | 'line')[];
}

export type MenuButtonParts = Omit<ButtonParts, 'press' | 'pressStart' | 'keydown' | 'opens' | 'type'> & {
  id: string;
  menu: MenuController;
};

/** A button that opens a menu; several may open the same one. */
export function menuButton({ menu, ...parts }: MenuButtonParts) {
  return button({
    ...parts,
    opens: { id: menu.id, kind: 'menu', isOpen: menu.openedBy === parts.id },
    press: menu.press,
    pressStart: menu.pressStart,
    keydown: menu.buttonKeydown,
  });
}

/** The menu itself; it stands once in the shadow root, near its buttons. Styles: `popup.styles.ts`. */
export function menu({ menu, label, items }: MenuParts) {
  return html`
    <div
      class="popup menu"
      id=${menu.id}
      popover="auto"
      role="menu"
      part="menu"
      aria-label=${label}
      tabindex="-1"
      @keydown=${menu.keydown}
    >
      ${menu.isOpen ? items.map((item) => (item === 'line' ? html`<hr class="popup-line" />` : menuItem(menu, item))) : nothing}
    </div>
  `;
}

function menuItem(menu: MenuController, { text, act, icon, detail, kind, isChecked, isDisabled }: MenuItem) {
  const mark =
    isChecked === undefined ? (icon ?? nothing) : html`<span class="menu-check">${isChecked ? icons.check : nothing}</span>`;
  return html`
    <button
      class="popup-row ${kind === 'danger' ? 'danger' : ''}"
      type="button"
      role=${isChecked === undefined ? 'menuitem' : 'menuitemcheckbox'}
      aria-checked=${isChecked === undefined ? nothing : String(isChecked)}
      aria-disabled=${isDisabled ? 'true' : nothing}
      tabindex="-1"
      @pointermove=${menu.point}
      @click=${() => (isDisabled ? undefined : menu.choose(act))}
    >
      ${mark}<span class="popup-text">${text}${detail ? html`<span class="popup-detail">${detail}</span>` : nothing}</span>
    </button>
  `;
}
