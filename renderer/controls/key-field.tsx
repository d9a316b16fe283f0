import { useState } from 'react';
import { Button } from 'react-aria-components';

interface KeyFieldProps {
  readonly label: string;
  /** What is shown for the key that is set. */
  readonly value: string;
  /** Shown while the next press is awaited. */
  readonly waiting: string;
  readonly hint?: string;
  /** @returns whether this press ended the waiting */
  onPress(event: React.KeyboardEvent): boolean;
}

/** Shows a key and takes the next one that is pressed. */
export function KeyField({ label, value, waiting, hint, onPress }: KeyFieldProps) {
  const [listening, setListening] = useState(false);
  return (
    <div className="key-field">
      <span className="key-field-words">
        <span>{label}</span>
        {hint === undefined || hint === '' ? null : (
          <span className="field-hint" role="status">
            {hint}
          </span>
        )}
      </span>
      {/* On the way down: the press must not do what it does elsewhere. */}
      <span
        onKeyDownCapture={(event) => {
          if (!listening) return;
          event.preventDefault();
          event.stopPropagation();
          event.nativeEvent.stopImmediatePropagation();
          if (onPress(event)) setListening(false);
        }}
        onBlur={() => setListening(false)}
      >
        <Button
          className="button button-plain"
          data-listening={listening ? true : undefined}
          aria-label={`${label}: ${listening ? waiting : value}`}
          onPress={() => setListening(true)}
        >
          <kbd dir="ltr">{listening ? waiting : value}</kbd>
        </Button>
      </span>
    </div>
  );
}
