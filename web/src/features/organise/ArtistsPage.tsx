/** Artists: who is on stage. */
import { useState } from 'preact/hooks';
import { answer, api, type Schemas } from '../../api/client';
import type { Answer } from '../../api/problem';
import { texts } from '../../i18n';
import { said } from '../../i18n/said';
import { faultsAt, type Fault } from '../../model/programme';
import { useLoad } from '../../state/load';
import type { Session } from '../../state/session';
import { Note } from '../../ui/notes';
import { announce } from '../../ui/page';
import { Desk } from './Desk';
import { Entry, type Kept } from './Entry';
import { LongInput } from './Input';
import { Both, PictureInput } from './PictureInput';
import { Section } from './Section';
import { askArtists, urlOf, type Artist } from './roster';

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
  const load = useLoad('artists', askArtists);
  const [chosen, setChosen] = useState<Artist | 'new' | null>(null);
  const kept = chosen === 'new' ? null : chosen;
  const add = (
    <button type="button" class="button button-main" onClick={() => setChosen('new')}>
      {t('organise.add_artist')}
    </button>
  );
  return (
    <Desk who={who} title={t('organise.artists')} tools={add}>
      <Section load={load}>{(all) => <Artists artists={all} onChoose={setChosen} />}</Section>
      {chosen !== null && (
        <Entry
          title={kept === null ? t('organise.add_artist') : said(kept.artist.name)}
          body={kept?.artist ?? BLANK}
          kept={kept}
          save={(body, reason) => save(kept, body, reason)}
          remove={remove}
          onClose={() => setChosen(null)}
          onDone={() => {
            setChosen(null);
            announce(t('organise.saved'));
            void load.reload();
          }}
        >
          {(artist, faults, change) => <Fields artist={artist} faults={faults} change={change} />}
        </Entry>
      )}
    </Desk>
  );
}

function Fields(props: {
  artist: Body;
  faults: readonly Fault[];
  change: (part: Partial<Body>) => void;
}) {
  const { artist, faults, change } = props;
  const { about } = artist;
  const label = t('organise.about_artist');
  return (
    <>
      <Both
        label={t('organise.name')}
        value={artist.name}
        path="name"
        faults={faults}
        onValue={(name) => change({ name })}
      />
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
      <PictureInput
        label={t('organise.picture')}
        value={artist.picture ?? null}
        path="picture"
        faults={faults}
        onValue={(picture) => change({ picture })}
      />
    </>
  );
}

function Artists(props: { artists: readonly Artist[]; onChoose: (artist: Artist) => void }) {
  const { artists } = props;
  if (artists.length === 0) return <Note>{t('organise.no_artists')}</Note>;
  return (
    <div class="scroll" role="region" aria-label={t('organise.artists')} tabIndex={0}>
      <table class="organise-table acts-rows">
        <thead>
          <tr>
            <th scope="col">{t('organise.name')}</th>
            <th scope="col">{t('organise.about_artist')}</th>
            <th scope="col">
              <span class="visually-hidden">{t('people.change')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {artists.map((one) => (
            <tr key={one.id}>
              <th scope="row">
                <span class="organise-category">
                  {one.artist.picture && (
                    <img class="organise-thumb" src={urlOf(one.artist.picture.image)} alt="" />
                  )}
                  {said(one.artist.name)}
                </span>
              </th>
              <td class="organise-wrap">{said(one.artist.about) || '–'}</td>
              <td>
                <button
                  type="button"
                  class="button"
                  aria-label={t('organise.change_of', { name: said(one.artist.name) })}
                  onClick={() => props.onChoose(one)}
                >
                  {t('people.change')}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
