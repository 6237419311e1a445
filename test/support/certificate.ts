/** Self-signed certificates for tests, so that no private key lies in the repository. */
import { createSign, generateKeyPairSync } from 'node:crypto';

export interface KeyPair {
	/** PEM. */
	readonly certificate: string;
	readonly privateKey: string;
}

/** A fresh RSA key and its certificate (X.509 v3, SHA-256), valid between the two times, given in milliseconds since 1970. */
export function selfSigned(notBefore: number, notAfter: number, bits = 2048): KeyPair {
	const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: bits });
	const algorithm = der(0x30, der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05));
	const name = der(0x30, der(0x31, der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('test')))));
	const body = der(
		0x30,
		der(0xa0, der(0x02, Buffer.from([2]))),
		der(0x02, Buffer.from([1])),
		algorithm,
		name,
		der(0x30, time(notBefore), time(notAfter)),
		name,
		publicKey.export({ type: 'spki', format: 'der' }),
	);
	const signature = createSign('sha256').update(body).sign(privateKey);
	const certificate = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), signature));
	const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n');
	return {
		certificate: `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`,
		privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
	};
}

/** UTCTime until 2049, GeneralizedTime after (RFC 5280 4.1.2.5). */
function time(at: number): Buffer {
	const digits = new Date(at).toISOString().replace(/\.\d+|[-:T]/g, '');
	return Number(digits.slice(0, 4)) < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
	const content = Buffer.concat(parts);
	const { length } = content;
	const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255];
	return Buffer.concat([Buffer.from([tag, ...head]), content]);
}
