import { leadRoutes as routes } from '../../src/contract/lead.ts';
import type { Api } from '../http/api.ts';
import type { LeadBoard } from './lead-board.ts';
import { listHistory } from './lead-history.ts';
import type { LeadMoves } from './lead-moves.ts';

/** Serves the board and what is done on it. It goes before the routes of one lead, whose id would take `board` for itself. */
export function serveLeadBoard(api: Api, board: LeadBoard, moves: LeadMoves) {
  api.serve(routes.board, ({ tenant, query }) => board.read(tenant, query));
  api.serve(routes.boardStage, ({ tenant, params, query }) => board.stage(tenant, params.stage_id, query));
  api.serve(routes.move, ({ tenant, params, body, expected }) => moves.move(tenant, params.id, body, expected));
  api.serve(routes.setStatus, ({ tenant, params, body, expected }) => moves.setStatus(tenant, params.id, body, expected));
  api.serve(routes.history, ({ tenant, params, query }) => listHistory(tenant, params.id, query));
}
