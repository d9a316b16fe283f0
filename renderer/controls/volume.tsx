import { Label, Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';
import { useFound } from './found.tsx';

interface VolumeProps {
  readonly label: string;
  /** 0–1 */
  readonly value: number;
  onChange(value: number): void;
}

export function Volume({ label, value, onChange }: VolumeProps) {
  if (!useFound(label)) return null;
  return (
    <Slider
      value={value}
      onChange={onChange}
      minValue={0}
      maxValue={1}
      step={0.05}
      formatOptions={{ style: 'percent' }}
      className="volume"
    >
      <Label className="field-label">{label}</Label>
      <SliderOutput className="volume-output" />
      <SliderTrack className="volume-track">
        {({ state }) => (
          <>
            <div
              className="volume-fill"
              style={{ inlineSize: `${state.getThumbPercent(0) * 100}%` }}
            />
            <SliderThumb className="volume-thumb" />
          </>
        )}
      </SliderTrack>
    </Slider>
  );
}
