import type { Alarm, Me } from './answers.ts';
import { may, say, type Desk } from './desk.ts';
import { element, foreign } from './elements.ts';

/** Clients as whoever keeps them sees them. */
interface Clients {
  readonly clients: readonly {
    readonly id: string;
    readonly name: string;
    readonly disabledAt: number | null;
    readonly alarms: readonly Alarm[];
  }[];
}

/**
 * Says whose quota is nearly used up, or who does more than usually: one's own, and of everybody to whoever keeps clients. A
 * key that somebody else uses shows first in what it does.
 */
export async function showAlarms(desk: Desk, place: HTMLElement): Promise<void> {
  const { session, me, words } = desk;
  try {
    const { alarms } = (await session.get('me')) as Me;
    const others = may(desk, 'admin') ? ((await session.get('clients')) as Clients).clients : [];
    const lines = [
      ...alarms.map((alarm) => element('p', {}, `${words.alarms.you}: ${alarmText(desk, alarm)}`)),
      ...others
        .filter(({ id, disabledAt }) => id !== me.id && disabledAt === null)
        .flatMap(({ name, alarms: theirs }) =>
          theirs.map((alarm) => element('p', {}, foreign(name, 60), `: ${alarmText(desk, alarm)}`)),
        ),
    ];
    place.replaceChildren(...lines);
  } catch {
    // What cannot be asked now is asked with the next view; a key that ended is told of elsewhere.
  }
}

function alarmText({ words: { alarms } }: Desk, { of, window, level }: Alarm): string {
  const share = level === 'unusual' ? alarms.unusual : say(alarms.reached, { level });
  return `${alarms[of]}, ${alarms[window]}: ${share}`;
}
