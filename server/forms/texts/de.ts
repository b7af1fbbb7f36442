import type { FormTexts } from './en.ts';

/** What forms say in German. */
export const de: FormTexts = {
  submit: 'Absenden',
  next: 'Weiter',
  back: 'Zurück',
  close: 'Schließen',
  optional: 'freiwillig',
  required_mark: 'Pflichtfeld',
  choose: 'Bitte wählen',
  stars: { one: '{count} Stern', other: '{count} Sterne' },
  step: 'Schritt {step} von {steps}',
  sending: 'Wird gesendet …',
  received_title: 'Vielen Dank!',
  received: 'Ihre Nachricht ist angekommen.',
  queued_offline:
    'Sie sind offline. Ihre Angaben bleiben auf diesem Gerät gespeichert; wir senden sie, sobald Sie wieder online sind.',
  queued_server:
    'Wir sind gerade nicht erreichbar. Ihre Angaben bleiben auf diesem Gerät gespeichert; wir versuchen weiter, sie zu senden.',
  queued_busy:
    'Gerade ist sehr viel los. Ihre Angaben bleiben auf diesem Gerät gespeichert; wir senden sie in wenigen Augenblicken.',
  queued_memory:
    'Ihre Angaben sind noch nicht gesendet, und dieser Browser kann sie nicht speichern: Bitte lassen Sie diese Seite so lange geöffnet.',
  failed: 'Ihre Angaben konnten nicht gesendet werden. Nichts ist verloren: Bitte versuchen Sie es noch einmal.',
  retry: 'Noch einmal versuchen',
  drop: 'Löschen',
  remove: 'Entfernen',
  overdue: 'Was Sie am {date} in „{form}“ eingegeben haben, konnte noch nicht gesendet werden.',
  summary: { one: 'Bitte prüfen Sie {count} Angabe:', other: 'Bitte prüfen Sie {count} Angaben:' },
  closed: 'Dieses Formular ist geschlossen.',
  missing: 'Unter dieser Adresse gibt es kein Formular.',
  if_applies: 'falls zutreffend',
  powered: 'Erstellt mit Millrace',
  'problem.required': 'Bitte füllen Sie dieses Feld aus.',
  'problem.choose': 'Bitte wählen Sie eine Möglichkeit.',
  'problem.agree': 'Bitte stimmen Sie zu, um fortzufahren.',
  'problem.email': 'Bitte geben Sie eine E-Mail-Adresse wie name@example.com ein.',
  'problem.tel': 'Bitte geben Sie eine Telefonnummer ein, am besten mit Ländervorwahl.',
  'problem.url': 'Bitte geben Sie eine Adresse ein, die mit https:// beginnt.',
  'problem.number': 'Bitte geben Sie eine Zahl ein.',
  'problem.date': 'Bitte geben Sie ein Datum ein.',
  'problem.option': 'Bitte wählen Sie eine der Möglichkeiten.',
  'problem.pattern': 'Bitte halten Sie sich an das gewünschte Format.',
  'problem.too_short': {
    one: 'Bitte geben Sie mindestens {minimum} Zeichen ein.',
    other: 'Bitte geben Sie mindestens {minimum} Zeichen ein.',
  },
  'problem.too_long': {
    one: 'Bitte geben Sie höchstens {maximum} Zeichen ein.',
    other: 'Bitte geben Sie höchstens {maximum} Zeichen ein.',
  },
  'problem.too_few': {
    one: 'Bitte wählen Sie mindestens {minimum} Möglichkeit.',
    other: 'Bitte wählen Sie mindestens {minimum} Möglichkeiten.',
  },
  'problem.too_many': {
    one: 'Bitte wählen Sie höchstens {maximum} Möglichkeit.',
    other: 'Bitte wählen Sie höchstens {maximum} Möglichkeiten.',
  },
  'problem.too_small': 'Bitte geben Sie {minimum} oder mehr ein.',
  'problem.too_large': 'Bitte geben Sie {maximum} oder weniger ein.',
  'problem.too_early': 'Bitte wählen Sie den {minimum} oder einen späteren Tag.',
  'problem.too_late': 'Bitte wählen Sie den {maximum} oder einen früheren Tag.',
};
