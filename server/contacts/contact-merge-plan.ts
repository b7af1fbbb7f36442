import { MERGED_FIELDS, type MergeConflict, type MergedField, type Whose } from '../../src/contract/merge.ts';
import { uniteNotes, uniteTags } from './contact-union.ts';
import type { HeldContact } from './held-contact.ts';

/** What becomes of a survivor: one column, tag or key of its metadata, and what it was before. */
export interface Change {
  kind: 'column' | 'tag' | 'assignment' | 'metadata' | 'custom_field';
  name: string;
  before: unknown;
  after: unknown;
}

/** What a merge makes of the survivor, without its custom fields. */
export interface MergePlan {
  columns: Record<string, unknown>;
  changes: Change[];
  conflicts: MergeConflict[];
  /** What the survivor has no room for, or had to give up: it is kept on the timeline. */
  left: { notes: string | null; tags: string[]; metadata: Record<string, unknown> };
}

const MOST_METADATA_BYTES = 16_384;

/** Who has what, decided by the choices where there are any: the survivor's values count, and what is empty is filled. */
export function planMerge(
  survivor: HeldContact,
  other: HeldContact,
  choices: Partial<Record<MergedField, Whose | undefined>> = {},
): MergePlan {
  const columns: Record<string, unknown> = {};
  const changes: Change[] = [];
  const conflicts: MergeConflict[] = [];
  const write = (name: string, before: unknown, after: unknown) => {
    columns[name] = after;
    changes.push({ kind: 'column', name, before, after });
  };

  for (const field of MERGED_FIELDS) {
    const [mine, others] = [valueOf(survivor, field), valueOf(other, field)];
    const taken = choices[field] ?? (isEmpty(field, mine) && !isEmpty(field, others) ? 'other' : 'survivor');
    if (!isEmpty(field, mine) && !isEmpty(field, others) && mine !== others)
      conflicts.push({ field, survivor: shownOf(survivor, field), other: shownOf(other, field), taken });
    const column = field === 'company' ? 'company_id' : field;
    if (taken === 'other' && others !== mine) write(column, survivor[column], others);
  }

  const { tags, left: tagsLeft } = uniteTags(survivor.tags, other.tags);
  const added = tags.slice(survivor.tags.length);
  if (added.length > 0) columns['tags'] = tags;
  changes.push(...added.map((tag): Change => ({ kind: 'tag', name: tag, before: null, after: tag })));

  const { notes, left: notesLeft } = uniteNotes(survivor.notes, other.notes);
  if (notes !== survivor.notes) write('notes', survivor.notes, notes);

  const metadata = fillMetadata(asObject(survivor.metadata), asObject(other.metadata));
  if (metadata.filled.length > 0) columns['metadata'] = metadata.united;
  changes.push(...metadata.filled.map(([name, after]): Change => ({ kind: 'metadata', name, before: null, after })));
  return { columns, changes, conflicts, left: { notes: notesLeft, tags: tagsLeft, metadata: metadata.left } };
}

/** A deleted company is none, although the row keeps its id for the company's return. */
const valueOf = (contact: HeldContact, field: MergedField): unknown =>
  field === 'company' ? (contact.company === null ? null : contact.company_id) : contact[field];

const shownOf = (contact: HeldContact, field: MergedField): unknown => contact[field];

/** To be nobody's favourite is to have no value: a favourite stays one. */
const isEmpty = (field: MergedField, value: unknown) => value === null || (field === 'is_favorite' && value === false);

const asObject = (value: unknown) => value as Record<string, unknown>;

/** The keys that only the other has, as far as there is room. */
function fillMetadata(mine: Record<string, unknown>, others: Record<string, unknown>) {
  const united = { ...mine };
  const filled: [name: string, value: unknown][] = [];
  const left: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(others)) {
    if (Object.hasOwn(mine, name)) {
      if (JSON.stringify(mine[name]) !== JSON.stringify(value)) left[name] = value;
    } else if (bytesOf({ ...united, [name]: value }) > MOST_METADATA_BYTES) left[name] = value;
    else {
      united[name] = value;
      filled.push([name, value]);
    }
  }
  return { united, filled, left };
}

const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value)).length;
