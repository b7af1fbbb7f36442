/** A list by a plain column, and the like of it by a custom field; each gives the next query, and `from` one that stands deep in it. */
export interface Compared {
  what: string;
  plain: () => string;
  custom: () => string;
  /** Whether each begins behind one of the list's marks instead of at its top. */
  isDeep?: boolean;
}

const below = (end: number) => Math.floor(Math.random() * end);
const dayOf = (number: number) => new Date(Date.UTC(2026, 0, 1 + number)).toISOString().slice(0, 10);

/** Between a value and one a little further. */
const span = (
  plain: [string, string],
  custom: string,
  from: () => number,
  width: number,
  written: (value: number) => string | number = Number,
) => ({
  plain: () => {
    const start = from();
    return `${plain[0]}=${written(start)}&${plain[1]}=${written(start + width)}`;
  },
  custom: () => {
    const start = from();
    return `cf.${custom}.gte=${written(start)}&cf.${custom}.lte=${written(start + width)}`;
  },
});

const FILTERS: Compared[] = [
  { what: 'one of three, one of two', plain: () => 'score=warm', custom: () => 'cf.region=north' },
  { what: 'any of two', plain: () => 'score=warm&score=hot', custom: () => 'cf.region.in=north&cf.region.in=west' },
  { what: 'any of several choices', plain: () => 'score=warm&score=hot', custom: () => 'cf.wants.in=roof&cf.wants.in=box' },
  { what: 'one number of a hundred', ...span(['score_min', 'score_max'], 'level', () => below(101), 0) },
  { what: 'ten numbers of a hundred', ...span(['score_min', 'score_max'], 'level', () => below(90), 9) },
  { what: 'the upper tenth', plain: () => 'score_min=90', custom: () => 'cf.level.gte=90' },
  { what: 'one amount of a hundred', ...span(['value_min', 'value_max'], 'size', () => below(49_000), 500) },
  { what: 'one amount of ten thousand', ...span(['value_min', 'value_max'], 'size', () => below(49_000), 5) },
  { what: 'one day', ...span(['expected_close_from', 'expected_close_to'], 'visit', () => below(700), 0, dayOf) },
  { what: 'a month', ...span(['expected_close_from', 'expected_close_to'], 'visit', () => below(600), 30, dayOf) },
  {
    what: 'one of a thousand',
    plain: () => {
      const day = dayOf(below(700));
      return `expected_close_from=${day}&expected_close_to=${day}`;
    },
    custom: () => 'cf.region=islands',
  },
  {
    what: 'a tenth, in its own order',
    plain: () => 'score_min=90&sort_by=score_value',
    custom: () => 'cf.level.gte=90&sort_by=cf.level',
  },
  { what: 'a tenth, by title', plain: () => 'score_min=90&sort_by=title', custom: () => 'cf.level.gte=90&sort_by=title' },
];

const SORTS: [plain: string, custom: string][] = [
  ['score_value', 'level'],
  ['lead_value', 'size'],
  ['expected_close_date', 'visit'],
  ['title', 'code'],
  ['title', 'region'],
  ['title', 'wants'],
];

/** Everything that is compared: filters with the first page and its count, then each order from its top and from deep inside. */
export const COMPARED: Compared[] = [
  ...FILTERS,
  ...SORTS.flatMap(([plain, custom]) =>
    ['asc', 'desc'].flatMap((order) =>
      [false, true].map((isDeep) => ({
        what: `by ${custom} ${order}${isDeep ? ', deep' : ''}`,
        plain: () => `sort_by=${plain}&sort_order=${order}`,
        custom: () => `sort_by=cf.${custom}&sort_order=${order}`,
        isDeep,
      })),
    ),
  ),
];
