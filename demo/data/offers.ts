/** What Brightfield Solar sells, where it is heard of, and what its people write. */

interface Offer {
  title: string;
  product: string;
  /** In euros, from and to. */
  value: [number, number];
  /** Where the title says how large it is, it costs the same for every company. */
  isSized?: true;
}

export const homeOffers: readonly Offer[] = [
  { title: 'Rooftop solar, 8 kWp', product: 'Rooftop solar', value: [12_500, 17_000] },
  { title: 'Rooftop solar, 12 kWp', product: 'Rooftop solar', value: [17_500, 24_000] },
  { title: 'Solar with storage, 10 kWp', product: 'Solar with storage', value: [21_000, 29_500] },
  { title: 'Solar with heat pump', product: 'Heat pump', value: [34_000, 52_000] },
  { title: 'Battery storage, 10 kWh', product: 'Battery storage', value: [6_500, 9_800] },
  { title: 'Solar carport', product: 'Solar carport', value: [14_000, 23_000] },
  { title: 'Balcony solar', product: 'Balcony solar', value: [900, 1_600] },
  { title: 'Wallbox and solar check', product: 'Wallbox', value: [1_800, 3_400] },
];

/** For companies; the value is that of one with about forty people. */
export const companyOffers: readonly Offer[] = [
  { title: 'Rooftop plant, 60 kWp', product: 'Commercial rooftop', value: [58_000, 78_000], isSized: true },
  { title: 'Rooftop plant, 120 kWp', product: 'Commercial rooftop', value: [98_000, 140_000], isSized: true },
  { title: 'Peak-shaving storage', product: 'Commercial storage', value: [42_000, 90_000] },
  { title: 'Charging park with solar roof', product: 'Solar carport', value: [85_000, 160_000] },
  { title: 'Flat-roof plant, east-west', product: 'Commercial rooftop', value: [64_000, 115_000] },
  { title: 'Tenant power model', product: 'Tenant power', value: [48_000, 95_000] },
];

export const campaigns = [
  { source: 'Website', utm: { utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'solar-roof-search' }, gclid: true },
  { source: 'Website', utm: { utm_source: 'google', utm_medium: 'organic' } },
  { source: 'Website', utm: { utm_source: 'bing', utm_medium: 'cpc', utm_campaign: 'battery-autumn' } },
  { source: 'Social media', utm: { utm_source: 'facebook', utm_medium: 'paid-social', utm_campaign: 'neighbours-with-solar' } },
  { source: 'Social media', utm: { utm_source: 'instagram', utm_medium: 'paid-social', utm_campaign: 'heat-pump-reels' } },
  { source: 'Email campaign', utm: { utm_source: 'newsletter', utm_medium: 'email', utm_campaign: 'solar-letter' } },
  { source: 'Advertisement', utm: { utm_source: 'stadtblatt', utm_medium: 'display', utm_campaign: 'open-house' } },
] as const;

export const quietSources = ['Referral', 'Referral', 'Phone call', 'Event', 'Partner', 'Import', 'Other'] as const;

export const landingPages = ['/', '/solar-roof', '/storage', '/heat-pump', '/for-companies', '/open-house'] as const;

export const leadTags = [
  'hot roof',
  'financing',
  'heat pump',
  'battery',
  'urgent',
  'tender',
  'callback',
  'second quote',
] as const;

export const timelines = ['this month', 'this quarter', 'this year', 'before winter', 'next spring', 'no hurry'] as const;

export const leadNotes = [
  'Roof faces south-west, 38 degrees, tiles from 2011.',
  'Consumption about 6,200 kWh a year, rising with the new car.',
  'Wants everything from one hand, scaffold included.',
  'Compares us with two other offers.',
  'Meter cabinet has to be renewed.',
  'Needs the board to agree; it meets on the first Tuesday of the month.',
] as const;

export const lostReasons: Readonly<Record<string, readonly string[]>> = {
  'New lead': ['Outside our area', 'Not a real enquiry', 'Already a customer'],
  Contacted: ['Not interested any more', 'Could not be reached', 'Rents the building'],
  Qualified: ['Roof is not suitable', 'No budget this year', 'Chose another company'],
  'Appointment set': ['Did not show up twice', 'Chose another company', 'Monument protection'],
  'Proposal sent': ['Price', 'Chose another company', 'Financing was refused', 'Postponed without a date'],
  Nurture: ['Asked not to be contacted', 'Moved away'],
  'Long-term nurture': ['No answer for months', 'Chose another company'],
  Engaged: ['Not interested any more'],
};

export const dispositions: Readonly<Record<string, readonly string[]>> = {
  lost: ['not interested', 'too expensive', 'bought elsewhere'],
  nurture: ['call back in spring', 'waiting for the subsidy', 'building next year'],
  open: ['very interested', 'comparing offers', 'needs a second visit'],
};

interface Writing {
  type: 'note' | 'call' | 'email' | 'sms' | 'meeting' | 'task';
  subject: string;
  description: string | null;
}

/** What members write while a lead is in a stage. */
export const writings: Readonly<Record<string, readonly Writing[]>> = {
  'New lead': [{ type: 'note', subject: 'First look', description: 'Satellite picture shows a free roof without shade.' }],
  Contacted: [
    { type: 'call', subject: 'Introductory call', description: 'Explained how we work; sends the last power bill.' },
    { type: 'call', subject: 'No answer', description: 'Left a message on the answering machine.' },
    { type: 'email', subject: 'Brochure and checklist', description: 'Sent the brochure and the list of what we need.' },
    { type: 'sms', subject: 'Reminder of our call', description: null },
  ],
  Qualified: [
    { type: 'call', subject: 'Talked about the roof', description: 'Tiles, 35 degrees, no shade before four o’clock.' },
    { type: 'note', subject: 'Fits well', description: 'Owns the roof, knows who has to agree, budget is clear.' },
    { type: 'email', subject: 'Proposed dates for a visit', description: null },
  ],
  'Appointment set': [
    { type: 'email', subject: 'Confirmation of our visit', description: null },
    { type: 'meeting', subject: 'Visit on site', description: 'Measured the roof and looked at the meter cabinet.' },
  ],
  'Proposal sent': [
    { type: 'email', subject: 'Our proposal', description: 'With and without storage, both with a yield forecast.' },
    {
      type: 'call',
      subject: 'Questions about the proposal',
      description: 'Asked about the warranty and the time until grid connection.',
    },
    { type: 'note', subject: 'Waits for the bank', description: null },
  ],
  Won: [{ type: 'email', subject: 'Order confirmation', description: 'Thanked, and sent the plan of the next weeks.' }],
  Lost: [{ type: 'note', subject: 'Closed', description: null }],
  Nurture: [{ type: 'email', subject: 'Newsletter: what storage costs now', description: null }],
  'Long-term nurture': [{ type: 'email', subject: 'Newsletter: subsidies of the new year', description: null }],
  Engaged: [
    {
      type: 'call',
      subject: 'Is thinking about it again',
      description: 'Opened the last two newsletters, and picked up at once.',
    },
  ],
};

export const tasks = [
  'Call back',
  'Send the yield forecast',
  'Ask for the power bill',
  'Check the subsidy',
  'Prepare the contract',
] as const;
