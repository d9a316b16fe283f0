import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';
import { html } from 'hono/html';

/** What is done on each system to trust an authority; the steps are the systems' own words. */
const STEPS: readonly { readonly system: string; readonly steps: readonly string[] }[] = [
  {
    system: 'Windows',
    steps: [
      'Open the downloaded file and press “Install Certificate…”.',
      'Choose “Local Machine”, then “Place all certificates in the following store”, and there “Trusted Root Certification Authorities”.',
      'For many desks: Group Policy, Computer Configuration, Windows Settings, Security Settings, Public Key Policies, Trusted Root Certification Authorities.',
    ],
  },
  {
    system: 'macOS',
    steps: [
      'Open the downloaded file: Keychain Access takes it into the System keychain.',
      'Open it there and set Trust, “When using this certificate”, to “Always Trust”.',
    ],
  },
  {
    system: 'Debian, Ubuntu',
    steps: [
      'Copy it to /usr/local/share/ca-certificates/parkline-ca.crt and run: sudo update-ca-certificates',
      'Chromium, Chrome and the Parkline app read the user’s own store: certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n Parkline -i parkline-ca.crt',
    ],
  },
  {
    system: 'Firefox',
    steps: [
      'Settings, Privacy & Security, Certificates, View Certificates…, Authorities, Import…, “Trust this CA to identify websites”.',
    ],
  },
  {
    system: 'Desk phones',
    steps: ['In the phone’s own web page, Security, Trusted Certificates (Yealink) or its like.'],
  },
];

/**
 * `/trust`: how a desk comes to trust the authority that `parkline cert make` made, and `/trust/parkline-ca.crt`: its
 * certificate. 404 where there is none. The page is plain and needs no script.
 * @param authorityFile PEM of the authority's certificate
 */
export function trustPage(authorityFile: string): Hono {
  const app = new Hono();
  app.get('/', async (context) => {
    const authority = await readAuthority(authorityFile);
    if (authority === null) return context.notFound();
    context.header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
    return context.html(page(authority));
  });
  app.get('/parkline-ca.crt', async (context) => {
    const authority = await readAuthority(authorityFile);
    if (authority === null) return context.notFound();
    context.header('Content-Type', 'application/x-x509-ca-cert');
    context.header('Content-Disposition', 'attachment; filename=parkline-ca.crt');
    return context.body(new Uint8Array(authority.raw), 200);
  });
  return app;
}

async function readAuthority(file: string): Promise<X509Certificate | null> {
  try {
    return new X509Certificate(await readFile(file));
  } catch {
    return null;
  }
}

/** SHA-256 in pairs, as every system shows it. */
const fingerprint = (certificate: X509Certificate): string =>
  (
    createHash('sha256').update(certificate.raw).digest('hex').toUpperCase().match(/../g) ?? []
  ).join(':');

function page(authority: X509Certificate) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Trust this Parkline server</title>
        <style>
          :root {
            color-scheme: light dark;
            font:
              1rem/1.5 system-ui,
              sans-serif;
          }
          main {
            max-inline-size: 42rem;
            margin: 2rem auto;
            padding: 0 1rem;
          }
          code {
            overflow-wrap: anywhere;
          }
        </style>
      </head>
      <body>
        <main>
          <h1>Trust this Parkline server</h1>
          <p>
            Its certificate was signed by an authority of its own,
            ${authority.subject.replace('CN=', '')}. A desk that trusts the authority once trusts
            every certificate that the server will have until
            ${authority.validToDate.toISOString().slice(0, 10)}.
          </p>
          <p><a href="/trust/parkline-ca.crt">Download the authority’s certificate</a></p>
          <p>
            Before you trust it, compare its SHA-256 fingerprint with the one that your
            administrator reads to you by telephone:<br /><code>${fingerprint(authority)}</code>
          </p>
          ${STEPS.map(
            ({ system, steps }) =>
              html`<h2>${system}</h2>
                <ol>
                  ${steps.map((step) => html`<li>${step}</li>`)}
                </ol>`,
          )}
        </main>
      </body>
    </html>`;
}
