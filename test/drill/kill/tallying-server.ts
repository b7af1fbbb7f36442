/** The server as it is, with one kind of jobs more: those that the drill's contacts ask for. */
import { sql } from 'kysely';
import { readSettings } from '../../../server/settings.ts';
import { startServer } from '../../../server/start.ts';
import { untilStopped } from '../../../server/until-stopped.ts';
import { PIECES } from './tallies.ts';

declare module '../../../server/jobs/kinds.ts' {
  interface JobKinds {
    'drill-tally': { piece: number };
  }
}

await untilStopped(() =>
  startServer(readSettings(process.env), {
    work: (worker) =>
      worker.inTransaction('drill-tally', async (unit, { id, payload: { piece } }) => {
        await sql`insert into drill_tallies (job_id, piece) values (${id}, ${piece})`.execute(unit.db);
        return piece < PIECES ? { remains: { piece: piece + 1 } } : undefined;
      }),
  }),
);
