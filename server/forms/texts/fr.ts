import type { FormTexts } from './en.ts';

/** What forms say in French. */
export const fr: FormTexts = {
  submit: 'Envoyer',
  next: 'Suivant',
  back: 'Retour',
  close: 'Fermer',
  optional: 'facultatif',
  required_mark: 'obligatoire',
  choose: 'Veuillez choisir',
  stars: { one: '{count} étoile', many: '{count} étoiles', other: '{count} étoiles' },
  step: 'Étape {step} sur {steps}',
  sending: 'Envoi en cours…',
  received_title: 'Merci !',
  received: 'Votre message nous est bien parvenu.',
  queued_offline:
    'Vous êtes hors ligne. Vos réponses sont conservées sur cet appareil et seront envoyées dès que vous serez de nouveau en ligne.',
  queued_server:
    'Nous sommes momentanément injoignables. Vos réponses sont conservées sur cet appareil et nous continuons d’essayer de les envoyer.',
  queued_busy:
    'Il y a beaucoup de trafic en ce moment. Vos réponses sont conservées sur cet appareil et seront envoyées dans un instant.',
  queued_memory:
    'Vos réponses ne sont pas encore envoyées et ce navigateur ne peut pas les conserver : veuillez laisser cette page ouverte d’ici là.',
  failed: 'Vos réponses n’ont pas pu être envoyées. Rien n’est perdu : veuillez réessayer.',
  retry: 'Réessayer',
  drop: 'Supprimer',
  remove: 'Retirer',
  overdue: 'Ce que vous avez saisi dans « {form} » le {date} n’a pas encore pu être envoyé.',
  summary: {
    one: 'Veuillez vérifier {count} réponse :',
    many: 'Veuillez vérifier {count} réponses :',
    other: 'Veuillez vérifier {count} réponses :',
  },
  closed: 'Ce formulaire est fermé.',
  missing: 'Il n’y a pas de formulaire à cette adresse.',
  if_applies: 'le cas échéant',
  powered: 'Créé avec Millrace',
  'problem.required': 'Veuillez remplir ce champ.',
  'problem.choose': 'Veuillez choisir une option.',
  'problem.agree': 'Veuillez donner votre accord pour continuer.',
  'problem.email': 'Veuillez saisir une adresse e-mail comme nom@example.com.',
  'problem.tel': 'Veuillez saisir un numéro de téléphone, de préférence avec l’indicatif du pays.',
  'problem.url': 'Veuillez saisir une adresse commençant par https://.',
  'problem.number': 'Veuillez saisir un nombre.',
  'problem.date': 'Veuillez saisir une date.',
  'problem.option': 'Veuillez choisir l’une des options.',
  'problem.pattern': 'Veuillez respecter le format demandé.',
  'problem.too_short': {
    one: 'Veuillez saisir au moins {minimum} caractère.',
    many: 'Veuillez saisir au moins {minimum} caractères.',
    other: 'Veuillez saisir au moins {minimum} caractères.',
  },
  'problem.too_long': {
    one: 'Veuillez saisir au plus {maximum} caractère.',
    many: 'Veuillez saisir au plus {maximum} caractères.',
    other: 'Veuillez saisir au plus {maximum} caractères.',
  },
  'problem.too_few': {
    one: 'Veuillez choisir au moins {minimum} option.',
    many: 'Veuillez choisir au moins {minimum} options.',
    other: 'Veuillez choisir au moins {minimum} options.',
  },
  'problem.too_many': {
    one: 'Veuillez choisir au plus {maximum} option.',
    many: 'Veuillez choisir au plus {maximum} options.',
    other: 'Veuillez choisir au plus {maximum} options.',
  },
  'problem.too_small': 'Veuillez saisir {minimum} ou plus.',
  'problem.too_large': 'Veuillez saisir {maximum} ou moins.',
  'problem.too_early': 'Veuillez choisir le {minimum} ou un jour ultérieur.',
  'problem.too_late': 'Veuillez choisir le {maximum} ou un jour antérieur.',
};
