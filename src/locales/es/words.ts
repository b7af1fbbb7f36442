import type { Messages } from '../index.ts';

export const common: Messages['common'] = {
  cancel: 'Cancelar',
  close: 'Cerrar',
  previous: 'Anterior',
  next: 'Siguiente',
  retry: 'Intentar de nuevo',
  undo: 'Deshacer',
  remove: 'Quitar',
  removeNamed: 'Quitar {name}',
  clear: 'Borrar',
  clearNamed: 'Borrar {name}',
  search: 'Buscar',
  more: 'Más',
  choose: 'Elija una opción',
  yes: 'Sí',
  no: 'No',
  none: 'Sin datos',
  required: 'obligatorio',
  loading: 'Cargando…',
  showOptions: 'Mostrar opciones',
  searching: 'Buscando…',
  results: { one: '{count} resultado', many: '{count} resultados', other: '{count} resultados' },
  create: 'Añadir «{text}»',
  reconnecting: 'Volviendo a conectar…',
  reference: 'Referencia para el servicio de asistencia: {id}',
};

export const provider: Messages['provider'] = {
  region: 'Mensajes',
  dismiss: 'Cerrar',
  dismissAll: 'Cerrar todos',
  more: { one: '{count} mensaje más', many: '{count} mensajes más', other: '{count} mensajes más' },
  good: 'Hecho',
  bad: 'Problema',
  neutral: 'Aviso',
};
