import { join } from 'node:path';
import {
  CERTIFICATE_FOLDER,
  CertificateFolder,
  ownNames,
  parseCertificateName,
} from '../certificates/certificate-folder.ts';
import { SystemClock } from '../system-clock.ts';
import { dataOption, refused, type Command } from './command.ts';

const makeCommand: Command = {
  name: 'cert make',
  synopsis: '[NAME…] [--data DIR | --out DIR]',
  summary: 'make a private certification authority and a certificate for this server',
  help: [
    'NAME…                 host names and IP addresses phones reach the server by (default: this machine’s own)',
    `--data DIR            the server’s data directory; the files go to DIR/${CERTIFICATE_FOLDER}`,
    '--out DIR             another folder for the files',
    'Run it again before the certificate ends: the authority stays, a running server takes the new one by itself.',
  ],
  options: { ...dataOption, out: { type: 'string' } },
  words: { min: 0, max: 100 },
  async run({ args }) {
    const names: string[] = [];
    for (const word of args.words) {
      const name = parseCertificateName(word);
      if (name === null) {
        return { kind: 'usage', message: `"${word}" is neither a host name nor an IP address.` };
      }
      names.push(name);
    }
    const folder = new CertificateFolder(
      args.text('out') ?? join(args.dataDir, CERTIFICATE_FOLDER),
    );
    // The library is large and no other command needs it.
    const { makeCertificate } = await import('../certificates/make-certificate.ts');
    const made = await makeCertificate(
      folder,
      names.length === 0 ? ownNames() : names,
      new SystemClock().now(),
    );
    if (!made.ok) return refused('certificate', made.error);
    const { validUntil, newAuthority, fingerprint } = made.value;
    const until = new Date(validUntil).toISOString();
    return {
      kind: 'done',
      result: {
        certificate: folder.certificate,
        key: folder.key,
        authority: folder.authority,
        newAuthority,
        names: made.value.names,
        validUntil: until,
        fingerprint,
      },
      text: [
        `A certificate for ${made.value.names.join(', ')}, until ${until.slice(0, 10)}:`,
        `  parkline serve --cert ${folder.certificate} --key ${folder.key} …`,
        `Its SHA-256 fingerprint, for whoever trusts it alone: ${fingerprint}`,
        newAuthority
          ? `Have every desk trust ${folder.authority} once: the server explains how at /trust.`
          : 'It is signed by the authority that was there: nobody has to trust anything anew.',
        `Keep ${folder.authorityKey} to yourself.`,
      ],
    };
  },
};

/** `parkline cert …` */
export const certCommands: readonly Command[] = [makeCommand];
