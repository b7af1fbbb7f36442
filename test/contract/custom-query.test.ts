import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CompanyQuery } from '../../src/contract/company.ts';
import { ContactQuery } from '../../src/contract/contact.ts';
import { gatherCustomFilters, takesCustomFilters } from '../../src/contract/custom-query.ts';
import { BoardQuery, BoardStageQuery, LeadFilters, LeadQuery, MarksQuery } from '../../src/contract/lead.ts';

describe('filters by custom fields', () => {
  test('are gathered from an address, with all that is none of them left where it was', () => {
    const given = {
      page: '1',
      'cf.size': '5',
      'cf.size.gte': '1',
      'cf.region.in': ['north', 'south'],
      'cf.size.gt': '1',
      'cf.Size': '1',
      'cf.': '1',
      'cf.__proto__': '1',
      'cf.a.b.in': '1',
      [`cf.${'a'.repeat(51)}`]: '1',
    };
    const { cf, ...rest } = gatherCustomFilters<string | string[]>(given);
    assert.deepEqual(cf, { size: '5', 'size.gte': '1', 'region.in': ['north', 'south'] });
    assert.deepEqual(Object.keys(rest), [
      'page',
      'cf.size.gt',
      'cf.Size',
      'cf.',
      'cf.__proto__',
      'cf.a.b.in',
      `cf.${'a'.repeat(51)}`,
    ]);
    for (const same of [{ page: '1' }, {}, { cf: '1', 'cf.size': '5' }])
      assert.deepEqual(gatherCustomFilters<string>(same), same);
  });

  test('are taken by every list, board and figure of leads, and by the list of contacts', () => {
    for (const query of [LeadQuery, MarksQuery, BoardQuery, BoardStageQuery, LeadFilters, ContactQuery])
      assert.ok(takesCustomFilters(query));
    assert.ok(!takesCustomFilters(CompanyQuery));
    assert.ok(!takesCustomFilters(undefined));
  });

  test('are twenty at most, each of a name and an operator that there may be', () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`field_${index}`, '1']));
    assert.ok(LeadQuery.safeParse({ cf: many(20) }).success);
    for (const cf of [many(21), { 'size.gt': 1 }, { '': 1 }, { size: null }, { size: {} }, { size: [] }, 'size', ['size']])
      assert.ok(!LeadQuery.safeParse({ cf }).success, JSON.stringify(cf));
  });

  test('go with an order by a custom field', () => {
    for (const sort_by of ['cf.size', 'cf.a_1', 'title']) assert.ok(LeadQuery.safeParse({ sort_by }).success, sort_by);
    for (const sort_by of ['cf.', 'cf', 'cf.Size', 'cf.size.gte', 'cf.1', 'size', `cf.${'a'.repeat(51)}`])
      assert.ok(!LeadQuery.safeParse({ sort_by }).success, sort_by);
    assert.ok(BoardQuery.safeParse({ sort_by: 'position' }).success);
    assert.ok(!LeadQuery.safeParse({ sort_by: 'position' }).success);
  });
});
