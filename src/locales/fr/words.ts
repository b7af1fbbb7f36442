import type { Messages } from '../index.ts';

export const common: Messages['common'] = {
  cancel: 'Annuler',
  close: 'Fermer',
  previous: 'Précédent',
  next: 'Suivant',
  retry: 'Réessayer',
  undo: 'Annuler l’opération',
  remove: 'Retirer',
  removeNamed: 'Retirer {name}',
  clear: 'Effacer',
  clearNamed: 'Effacer {name}',
  search: 'Rechercher',
  more: 'Plus',
  choose: 'Veuillez choisir',
  yes: 'Oui',
  no: 'Non',
  none: 'Aucune valeur',
  required: 'obligatoire',
  loading: 'Chargement…',
  showOptions: 'Afficher les options',
  searching: 'Recherche…',
  results: { one: '{count} résultat', many: '{count} résultats', other: '{count} résultats' },
  create: 'Ajouter « {text} »',
  reconnecting: 'Reconnexion…',
  reference: 'Référence pour l’assistance : {id}',
};

export const provider: Messages['provider'] = {
  region: 'Messages',
  dismiss: 'Fermer',
  dismissAll: 'Tout fermer',
  more: { one: '{count} autre message', many: '{count} autres messages', other: '{count} autres messages' },
  good: 'Terminé',
  bad: 'Problème',
  neutral: 'Information',
};
