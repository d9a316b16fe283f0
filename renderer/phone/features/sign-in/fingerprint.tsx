import { fingerprintText } from '../../../../shared/bridge/server-certificate.ts';

/** A SHA-256 fingerprint in four lines of eight pairs: what the eye compares, and the ear by telephone. */
export function Fingerprint({ sha256 }: { readonly sha256: string }) {
  const lines = sha256.match(/.{1,16}/g) ?? [];
  return (
    // Digits run from left to right in every language.
    <code className="fingerprint" dir="ltr" data-testid="fingerprint" data-sha256={sha256}>
      {lines.map((line, at) => (
        <span key={line}>
          {fingerprintText(line)}
          {at < lines.length - 1 ? ':' : ''}
        </span>
      ))}
    </code>
  );
}
