import type { ConfigProblem } from '../config/config-problem.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { CertificateProblem } from '../sip/transport/certificate.ts';
import type { ListenRefusal } from './http/http-server.ts';
import {
  describeProvisioningRefusal,
  type ProvisioningRefusal,
} from './provisioning/provisioning-refusal.ts';
import { describeStoreRefusal, type StoreRefusal } from './store/store-refusal.ts';

/** Why a server did not start. */
export type StartRefusal =
  | { readonly kind: 'configuration'; readonly problems: readonly ConfigProblem[] }
  | { readonly kind: 'store'; readonly refusal: StoreRefusal }
  | { readonly kind: 'provisioning'; readonly refusal: ProvisioningRefusal }
  /** `what`: `udp:127.0.0.1:5060`, `http 127.0.0.1:8080`. */
  | { readonly kind: 'listen'; readonly what: string; readonly refusal: ListenRefusal }
  | { readonly kind: 'certificate'; readonly problem: CertificateProblem }
  | { readonly kind: 'needs-advertise'; readonly what: string }
  | { readonly kind: 'media'; readonly why: string };

/** The refusal in sentences for whoever started the server: what is wrong, and what mends it. */
export function describeStartRefusal(refusal: StartRefusal): string {
  switch (refusal.kind) {
    case 'configuration':
      return ['The configuration cannot be used:', ...refusal.problems.map(problemLine)].join('\n');
    case 'store':
      return describeStoreRefusal(refusal.refusal);
    case 'provisioning':
      return describeProvisioningRefusal(refusal.refusal);
    case 'listen':
      return `Cannot listen on ${refusal.what}: ${listenSentence(refusal.refusal)}`;
    case 'certificate':
      return describeCertificateProblem(refusal.problem);
    case 'needs-advertise':
      return `Cannot listen on ${refusal.what}: a wildcard address needs to know how phones reach it. Say so with --media bind=IP,advertise=IP, or listen on one address.`;
    case 'media':
      return `The media engine did not start: ${refusal.why}`;
    default:
      return assertNever(refusal);
  }
}

/** What is wrong with the certificate files, and what mends it. */
export function describeCertificateProblem(problem: CertificateProblem): string {
  switch (problem.kind) {
    case 'unreadable':
      return `The file ${problem.file} cannot be read: is it there, and may the server read it? (${problem.why})`;
    case 'no-certificate':
      return `${problem.file} holds no certificate: a PEM file that begins with -----BEGIN CERTIFICATE----- is needed.`;
    case 'no-key':
      return `${problem.file} holds no key that can be used: a PEM file with a private key and no passphrase is needed.`;
    case 'not-a-pair':
      return `The key in ${problem.keyFile} does not belong to the certificate in ${problem.certFile}.`;
    default:
      return assertNever(problem);
  }
}

function problemLine({ path, message }: ConfigProblem): string {
  return path === '' ? `  ${message}` : `  ${path}: ${message}`;
}

function listenSentence(refusal: ListenRefusal): string {
  switch (refusal.kind) {
    case 'address-in-use':
      return 'the port is in use by another program. Stop that program or choose another port.';
    case 'address-not-ours':
      return 'this machine has no such address.';
    case 'not-permitted':
      return 'this needs more rights: ports below 1024 are for the system.';
    case 'other':
      return refusal.why;
    default:
      return assertNever(refusal.kind);
  }
}

/** What `createParkServer` rejects with; `refusal.kind` is the closed reason. */
export class StartRefused extends Error {
  readonly refusal: StartRefusal;

  constructor(refusal: StartRefusal, options?: ErrorOptions) {
    super(describeStartRefusal(refusal), options);
    this.name = 'StartRefused';
    this.refusal = refusal;
  }
}
