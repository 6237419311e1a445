#!/usr/bin/env node
// Seals one secret of an example tree, as `kubeseal` would with the strict scope, and prints the SealedSecret.
//
//   node scripts/examples/seal.mjs --cert pub-cert.pem --namespace loki --name loki-gateway-auth KEY=VALUE ... > actual.yaml
//
// A value is encrypted with a fresh AES-256-GCM key under a nonce of zeroes; the key is encrypted with RSA-OAEP
// (SHA-256) whose label is `namespace/name`. One value in the file is base64 of: the length of the encrypted key in two
// bytes (big-endian), the encrypted key, the ciphertext, the 16 byte tag. The example trees keep no private key, so
// nobody can open what is sealed here; values are taken from the command line only because they mean nothing.
import { X509Certificate, constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    cert: { type: 'string' },
    namespace: { type: 'string' },
    name: { type: 'string' },
    type: { type: 'string', default: 'Opaque' },
  },
});
const { cert, namespace, name, type } = options;
if (!cert || !namespace || !name || positionals.length === 0 || positionals.some((pair) => pair.indexOf('=') < 1)) {
  process.stderr.write('usage: seal.mjs --cert FILE --namespace NS --name NAME [--type TYPE] KEY=VALUE ...\n');
  process.exit(2);
}

const publicKey = new X509Certificate(readFileSync(cert)).publicKey;
const entries = positionals.map((pair) => {
  const at = pair.indexOf('=');
  return [pair.slice(0, at), sealed(pair.slice(at + 1), `${namespace}/${name}`)];
});
entries.sort(([a], [b]) => (a < b ? -1 : 1));

process.stdout.write(`apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  encryptedData:
${entries.map(([key, value]) => `    ${key}: ${value}\n`).join('')}  template:
    metadata:
      name: ${name}
      namespace: ${namespace}
    type: ${type}
`);

function sealed(text, label) {
  const sessionKey = randomBytes(32);
  const encryptedKey = publicEncrypt(
    { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel: Buffer.from(label) },
    sessionKey,
  );
  const length = Buffer.alloc(2);
  length.writeUInt16BE(encryptedKey.length);
  const cipher = createCipheriv('aes-256-gcm', sessionKey, Buffer.alloc(12));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return Buffer.concat([length, encryptedKey, body]).toString('base64');
}
