import type { Seed } from '@millrace/server';

/** What the demo's people, companies and places are called. Every address ends in `.test`, which nobody owns. */

export const firstNames = [
  'Aisha', 'Åsa', 'Anna', 'Ansgar', 'Béatrice', 'Benedikt', 'Camille', 'Carlos', 'Chiara', 'Daniel', 'Dominika', 'Édouard', 'Elif', 'Emma',
  'Fatima', 'Felix', 'Fiona', 'Gábor', 'Hannah', 'Henrik', 'Ingrid', 'Ivan', 'Jakub', 'Joana', 'Jonas', 'Katarína', 'Khalid', 'Lars', 'Leïla',
  'Lena', 'Luca', 'Magnus', 'Małgorzata', 'Marek', 'Matteo', 'Mia', 'Nadia', 'Niklas', 'Noor', 'Oskar', 'Paula', 'Pierre', 'Rafael', 'Sanna',
  'Sofía', 'Søren', 'Stefan', 'Tereza', 'Thomas', 'Youssef', 'Zoë', 'Zuzana',
];

export const lastNames = [
  'Almeida', 'Andersson', 'Bauer', 'Becker', 'Bianchi', 'Björk', 'Çelik', 'Dąbrowski', 'Dubois', 'Eriksen', 'Fernández', 'Fischer', 'García',
  'Größ', 'Haddad', 'Hansen', 'Horváth', 'Ibrahim', 'Jansen', 'Jensen', 'Kaya', 'Keller', 'Kowalska', 'Krüger', 'Lambert', 'Lindqvist', 'Łukasik',
  'Marchetti', 'Martin', 'Meyer', 'Moreau', 'Müller', 'Nielsen', 'Novák', 'Olsen', 'Öztürk', 'Papadakis', 'Petit', 'Pospíšil', 'Rossi', 'Ruiz',
  'Schäfer', 'Schmidt', 'Silva', 'Svoboda', 'Szabó', 'Vogel', 'Weber', 'Wójcik', 'Yılmaz',
];

export const companyNames: Pick<Seed['companies'][number], 'name' | 'industry'>[] = [
  { name: 'Alder & Finch', industry: 'legal' },
  { name: 'Ameise Logistik', industry: 'logistics' },
  { name: 'Bäckerei Sonnenschein', industry: 'food_and_beverage' },
  { name: 'Bergblick Hotels', industry: 'hospitality' },
  { name: 'Birkholz Maschinenbau', industry: 'manufacturing' },
  { name: 'Blauwasser Tours', industry: 'tourism' },
  { name: 'Cedar Grove Schools', industry: 'education' },
  { name: 'Claire Fontaine Cosmétiques', industry: 'consumer_goods' },
  { name: 'Dobrý Statek', industry: 'agriculture' },
  { name: 'Eisvogel Kältetechnik', industry: 'engineering' },
  { name: 'Falk Immobilien', industry: 'real_estate' },
  { name: 'Fjordlys Media', industry: 'media' },
  { name: 'Grünwald Pflegedienste', industry: 'healthcare' },
  { name: 'Hafen 12 Agentur', industry: 'marketing' },
  { name: 'Hestia Wohnbau', industry: 'construction' },
  { name: 'Iberia Olivares', industry: 'agriculture' },
  { name: 'Jurek Transport', industry: 'logistics' },
  { name: 'Kastanie Apotheken', industry: 'pharmaceuticals' },
  { name: 'Kupfer & Sohn', industry: 'construction' },
  { name: 'Lagoon Fitness', industry: 'wellness' },
  { name: 'Lindenhof Weingut', industry: 'food_and_beverage' },
  { name: 'Lumen Software', industry: 'technology' },
  { name: 'Maison Verte', industry: 'retail' },
  { name: 'Nordwind Energie', industry: 'energy' },
  { name: 'Oakline Insurance', industry: 'insurance' },
  { name: 'Øresund Consulting', industry: 'consulting' },
  { name: 'Panorama Kliniken', industry: 'healthcare' },
  { name: 'Quellwasser Spa', industry: 'wellness' },
  { name: 'Rosso Autohaus', industry: 'automotive' },
  { name: 'Sägewerk Hollern', industry: 'manufacturing' },
  { name: 'Seestern Reederei', industry: 'logistics' },
  { name: 'Stadtwerke Ebersdorf', industry: 'energy' },
  { name: 'Tannenberg Schulen', industry: 'education' },
  { name: 'Ulmen Kapital', industry: 'finance' },
  { name: 'Verein Offene Gärten', industry: 'nonprofit' },
  { name: 'Vista Telecom', industry: 'telecommunications' },
  { name: 'Weidegut Hof', industry: 'agriculture' },
  { name: 'Wolke Sieben Hotels', industry: 'hospitality' },
  { name: 'Zielinski Druck', industry: 'media' },
  { name: 'Zürcher Uhren', industry: 'retail' },
];

export const places = [
  { city: 'Berlin', country: 'DE', prefix: '+4930' },
  { city: 'Hamburg', country: 'DE', prefix: '+4940' },
  { city: 'München', country: 'DE', prefix: '+4989' },
  { city: 'Köln', country: 'DE', prefix: '+49221' },
  { city: 'Leipzig', country: 'DE', prefix: '+49341' },
  { city: 'Wien', country: 'AT', prefix: '+431' },
  { city: 'København', country: 'DK', prefix: '+45' },
  { city: 'Paris', country: 'FR', prefix: '+331' },
];

export const contactTags = ['referral', 'roof survey', 'battery', 'heat pump', 'newsletter', 'VIP', 'south roof', 'tenant', 'trade fair', 'financing'];
export const companyTags = ['key account', 'framework contract', 'public tender', 'multi-site'];

export const contactNotes = [
  'Prefers to be called after 16:00.',
  'Asked for a quote with and without storage.',
  'The roof was renewed in 2022; no shading but a chimney.',
  'Wants to see a reference installation nearby first.',
  'Decides together with the co-owner; send everything twice.',
  'Came to us at the trade fair, stand B12.',
  'Interested in financing over ten years.',
  'Has a flat roof and a garage: two separate arrays.',
];
