import type { Messages } from '../index.ts';

export const common: Messages['common'] = {
  cancel: 'Abbrechen',
  close: 'Schließen',
  previous: 'Zurück',
  next: 'Weiter',
  retry: 'Noch einmal versuchen',
  undo: 'Rückgängig machen',
  remove: 'Entfernen',
  removeNamed: '{name} entfernen',
  clear: 'Leeren',
  clearNamed: '{name} leeren',
  search: 'Suchen',
  more: 'Mehr',
  choose: 'Bitte wählen',
  yes: 'Ja',
  no: 'Nein',
  none: 'Keine Angabe',
  required: 'Pflichtfeld',
  loading: 'Wird geladen …',
  showOptions: 'Auswahl anzeigen',
  searching: 'Wird gesucht …',
  results: { one: '{count} Treffer', other: '{count} Treffer' },
  create: '„{text}“ hinzufügen',
  reconnecting: 'Verbindung wird wiederhergestellt …',
  reference: 'Kennung für den Support: {id}',
};

export const provider: Messages['provider'] = {
  region: 'Meldungen',
  dismiss: 'Schließen',
  dismissAll: 'Alle schließen',
  more: { one: '{count} weitere Meldung', other: '{count} weitere Meldungen' },
  good: 'Erledigt',
  bad: 'Problem',
  neutral: 'Hinweis',
};
