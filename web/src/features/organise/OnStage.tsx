/** Who is on stage, in the order of their appearance. */
import { texts } from '../../i18n';
import { said } from '../../i18n/said';
import { sooner, type Fault } from '../../model/programme';
import { Choice } from './Input';
import type { Artist } from './roster';

const t = texts('operator');

export function OnStage(props: {
  artists: readonly Artist[];
  /** Their ids. */
  chosen: readonly string[];
  faults: readonly Fault[];
  onChosen: (chosen: string[]) => void;
}) {
  const { artists, chosen, onChosen } = props;
  const nameOf = (id: string) => {
    const found = artists.find((artist) => artist.id === id);
    return found === undefined ? id : said(found.artist.name);
  };
  const others = artists.filter(({ id }) => !chosen.includes(id));
  return (
    <div class="stack-s">
      <Choice
        label={t('organise.on_stage')}
        value=""
        options={[
          ['', t('organise.choose')],
          ...others.map(({ id, artist }) => [id, said(artist.name)] as const),
        ]}
        faults={props.faults}
        onValue={(id) => {
          if (id !== '') onChosen([...chosen, id]);
        }}
      />
      <ol class="organise-chosen">
        {chosen.map((id, at) => (
          <li key={id}>
            <span>{nameOf(id)}</span>
            <button
              type="button"
              class="button button-quiet"
              disabled={at === 0}
              aria-label={t('organise.sooner', { name: nameOf(id) })}
              onClick={() => onChosen(sooner(chosen, at))}
            >
              ↑
            </button>
            <button
              type="button"
              class="button button-quiet"
              aria-label={t('organise.without_artist', { name: nameOf(id) })}
              onClick={() => onChosen(chosen.filter((one) => one !== id))}
            >
              {t('organise.without')}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
