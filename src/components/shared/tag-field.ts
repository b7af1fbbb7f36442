import { html, nothing } from 'lit';
import { offered, type TagSuggestions } from '../../controllers/tag-suggestions.ts';
import type { common, forms } from '../../locales/en.ts';
import { field } from './field.ts';
import { keepFocus } from './keep-focus.ts';
import type { Localized } from './localized.ts';
import { tagInput } from './tag-input.ts';

const MOST_TAGS = 50;
const LONGEST_TAG = 50;

interface TagFieldParts {
  tags: readonly string[];
  suggestions: TagSuggestions;
  texts: Localized<typeof common>;
  forms: Localized<typeof forms>;
  error: string | undefined;
  isReadOnly: boolean;
  isDisabled: boolean;
  change(tags: readonly string[]): void;
  leave(event: FocusEvent): void;
}

/** The tags of a record, with those in use to choose from. */
export function tagField(parts: TagFieldParts) {
  const { tags, suggestions, texts, forms, error, isReadOnly, isDisabled, change, leave } = parts;
  const isFixed = isReadOnly || isDisabled;
  return field({
    id: 'tags',
    label: forms.text('tags'),
    help: isFixed ? undefined : forms.text('tags.help'),
    error,
    isReadOnly,
    isDisabled,
    isWide: true,
    control: (given) => html`
      <div @focusin=${(event: FocusEvent) => ask(event, suggestions)} @input=${(event: InputEvent) => ask(event, suggestions)}>
        ${tagInput({
          ...given,
          tags,
          change,
          leave,
          limit: MOST_TAGS,
          maxLength: LONGEST_TAG,
          texts: {
            list: forms.text('tags'),
            remove: (tag) => texts.text('removeNamed', { name: tag }),
            added: (added) => forms.text('tags.added', { tag: forms.formats.list(added) }),
            removed: (tag) => forms.text('tags.removed', { tag }),
            full: (maximum) => forms.text('tags.limit', { maximum }),
          },
        })}
        ${isFixed ? nothing : suggested(parts)}
      </div>
    `,
  });
}

function suggested({ tags, suggestions, forms, change }: TagFieldParts) {
  const offers = tags.length < MOST_TAGS ? offered(suggestions.tags, tags) : [];
  if (offers.length === 0) return nothing;
  // Leaving the input would make a tag of what is typed in it.
  return html`
    <ul class="suggestions" aria-label=${forms.text('tags.suggestions')} @mousedown=${keepFocus}>
      ${offers.map(
        (tag) => html`
          <li>
            <button class="suggestion" type="button" @click=${(event: Event) => take(event, () => change([...tags, tag]))}>
              <bdi>${tag}</bdi>
            </button>
          </li>
        `,
      )}
    </ul>
  `;
}

const inputOf = (event: Event) =>
  (event.currentTarget as Element).closest('.field')?.querySelector<HTMLInputElement>('.tag-typed');

const ask = (event: Event, suggestions: TagSuggestions) => suggestions.ask(inputOf(event)?.value ?? '');

/** What was typed was the search for it. */
function take(event: Event, change: () => void) {
  const input = inputOf(event);
  if (input) input.value = '';
  change();
  input?.focus();
}
