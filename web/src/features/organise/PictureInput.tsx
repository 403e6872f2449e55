/** An image with what it shows in words. */
import { useState } from 'preact/hooks';
import { texts } from '../../i18n';
import { explain } from '../../i18n/problems';
import { faultsAt, type Fault } from '../../model/programme';
import { TextInput } from './Input';
import { faultText } from './labels';
import { IMAGE_BYTES_MAX, upload, urlOf, type Picture } from './roster';

const t = texts('operator');

export function PictureInput(props: {
  label: string;
  value: Picture | null;
  /** The field that its faults are at. */
  path: string;
  faults: readonly Fault[];
  onValue: (value: Picture | null) => void;
}) {
  const { label, value, path, faults, onValue } = props;
  const [wrong, setWrong] = useState('');
  const choose = async (file: File) => {
    if (file.size > IMAGE_BYTES_MAX) {
      setWrong(t('organise.image_large'));
      return;
    }
    setWrong('');
    const got = await upload(file);
    if (got.ok) {
      onValue({ image: got.value.hash, alt: value?.alt ?? { ko: '', en: '' } });
      return;
    }
    const [fault] = got.problem.faults ?? [];
    setWrong(fault === undefined ? explain(got.problem) : faultText(fault));
  };
  return (
    <fieldset class="organise-picture">
      <legend>{label}</legend>
      {value !== null && <img src={urlOf(value.image)} alt={value.alt.ko} />}
      <label class="organise-file">
        <span>{t('organise.image_file')}</span>
        <input
          type="file"
          accept="image/png,image/jpeg,image/webp,image/avif"
          onChange={({ currentTarget: input }) => {
            const file = input.files?.[0];
            // The same file can be chosen again once it is mended.
            input.value = '';
            if (file !== undefined) void choose(file);
          }}
        />
      </label>
      <p class="small organise-faults" role="alert">
        {wrong}
        {faultsAt(faults, `${path}.image`).map(faultText)}
      </p>
      {value !== null && (
        <>
          <Both
            label={t('organise.alt')}
            value={value.alt}
            path={`${path}.alt`}
            faults={faults}
            onValue={(alt) => onValue({ ...value, alt })}
          />
          <p>
            <button type="button" class="button" onClick={() => onValue(null)}>
              {t('organise.no_image')}
            </button>
          </p>
        </>
      )}
    </fieldset>
  );
}

/** A text in both languages. */
export function Both(props: {
  label: string;
  value: Picture['alt'];
  path: string;
  faults: readonly Fault[];
  onValue: (value: Picture['alt']) => void;
}) {
  const { label, value, path, faults, onValue } = props;
  return (
    <div class="organise-grid">
      <TextInput
        label={t('organise.in_korean', { label })}
        value={value.ko}
        faults={faultsAt(faults, `${path}.ko`)}
        onValue={(ko) => onValue({ ...value, ko })}
      />
      <TextInput
        label={t('organise.in_english', { label })}
        value={value.en}
        faults={faultsAt(faults, `${path}.en`)}
        onValue={(en) => onValue({ ...value, en })}
      />
    </div>
  );
}
