/** Artists: who is on stage. */
import { answer, api, type Schemas } from '../../api/client';
import type { Answer } from '../../api/problem';
import { texts } from '../../i18n';
import { said } from '../../i18n/said';
import { faultsAt } from '../../model/programme';
import { useLoad } from '../../state/load';
import type { Session } from '../../state/session';
import { LongInput } from './Input';
import { RosterPage, type Kept } from './RosterPage';
import { askArtists, type Artist } from './roster';

const t = texts('operator');

type Body = Schemas['ArtistBody'];

const BLANK: Body = { name: { ko: '', en: '' }, about: { ko: '', en: '' }, picture: null };

function save(kept: Kept | null, artist: Body, reason: string): Promise<Answer<Artist>> {
  if (kept === null) {
    return answer(api.POST('/api/v1/operator/artists', { body: { artist, reason } }));
  }
  const params = { path: { artist: kept.id } };
  const body = { version: kept.version, artist, reason };
  return answer(api.PATCH('/api/v1/operator/artists/{artist}', { params, body }));
}

function remove({ id, version }: Kept, reason: string): Promise<Answer<unknown>> {
  const params = { path: { artist: id }, query: { version, reason } };
  return answer(api.DELETE('/api/v1/operator/artists/{artist}', { params }));
}

export function ArtistsPage({ who }: { who: Session }) {
  const label = t('organise.about_artist');
  return (
    <RosterPage
      who={who}
      title={t('organise.artists')}
      add={t('organise.add_artist')}
      none={t('organise.no_artists')}
      load={useLoad('artists', askArtists)}
      rows={(all) => all}
      bodyOf={({ artist }) => artist}
      blank={BLANK}
      heads={[label]}
      cells={({ artist }) => <td class="organise-wrap">{said(artist.about) || '–'}</td>}
      told={{ save, remove }}
    >
      {({ about }, faults, change) => (
        <>
          <LongInput
            label={t('organise.in_korean', { label })}
            value={about.ko}
            faults={faultsAt(faults, 'about.ko')}
            onValue={(ko) => change({ about: { ...about, ko } })}
          />
          <LongInput
            label={t('organise.in_english', { label })}
            value={about.en}
            faults={faultsAt(faults, 'about.en')}
            onValue={(en) => change({ about: { ...about, en } })}
          />
        </>
      )}
    </RosterPage>
  );
}
