import { describe, expect, test } from 'vitest';
import { query } from '../../../../../server/src/core/gitops/policy/kyverno/jmespath';
import { selfSigned } from '../../../../support/certificate';

/** Made by openssl 3, with the extensions that certificates of servers have. */
const SERVER = `-----BEGIN CERTIFICATE-----
MIIDLDCCApWgAwIBAgIUHPVdJsrzEZKDwg5qjVCVcqOHp4kwDQYJKoZIhvcNAQEL
BQAwRTELMAkGA1UEBhMCQ0gxEDAOBgNVBAoMB0V4YW1wbGUxDTALBgNVBAsMBFNo
b3AxFTATBgNVBAMMDHNob3AuZXhhbXBsZTAeFw0yNjExMjYxMDQ1NDBaFw0zNjEx
MjMxMDQ1NDBaMEUxCzAJBgNVBAYTAkNIMRAwDgYDVQQKDAdFeGFtcGxlMQ0wCwYD
VQQLDARTaG9wMRUwEwYDVQQDDAxzaG9wLmV4YW1wbGUwgZ8wDQYJKoZIhvcNAQEB
BQADgY0AMIGJAoGBALDvZDVB+Y3ruNjn2vdwkhlxcs/Ru72nL7KrUOOfO4jb9pX0
7m3tvAyFqZqisSHFCEK7YP9olkIWaaa4tzQE3031u/xm3YnYwQXydPx6pyDZIHp9
AG2libjHuO0S6dg2evJnFeuqNg3nSjnDmZMv5xh/9gj3vycGBVdaABy7nqnDAgMB
AAGjggEXMIIBEzAdBgNVHQ4EFgQUxAVBn0CvJXb+gY2ZZXZ/BtvsL/MwHwYDVR0j
BBgwFoAUxAVBn0CvJXb+gY2ZZXZ/BtvsL/MwDwYDVR0TAQH/BAUwAwEB/zA8BgNV
HREENTAzggxzaG9wLmV4YW1wbGWCDiouc2hvcC5leGFtcGxlhwQKAAABgQ1hQGV4
YW1wbGUub3JnMB0GA1UdJQQWMBQGCCsGAQUFBwMBBggrBgEFBQcDAjALBgNVHQ8E
BAMCBaAwJQYDVR0fBB4wHDAaoBigFoYUaHR0cDovL2NybC5leGFtcGxlL2EwLwYI
KwYBBQUHAQEEIzAhMB8GCCsGAQUFBzABhhNodHRwOi8vb2NzcC5leGFtcGxlMA0G
CSqGSIb3DQEBCwUAA4GBAAK2Hn1hbj3orUIs/bbgOjzoAEMp9muYIm2ZHHv7Ka/A
xe6ed8fJA1O8L6OVSCaOF5yutqy//Gu5t5H/kFQ5titWsSyNQJ30aEBawmjIGvtt
A2IYLRfLYsUEXqmKskdS1Gm/EF/7gvcSQsghTz0OQ8xa3yBWU+q9v4ciInjaFnho
-----END CERTIFICATE-----
`;

const ask = (expression: string, pem = SERVER): unknown => {
	const result = query({ pem }, expression);
	return result.kind === 'value' ? result.value : result.kind;
};

describe('x509_decode', () => {
	test.each([
		['Subject.CommonName', 'shop.example'],
		['Subject.Organization', ['Example']],
		['Issuer.Country[0]', 'CH'],
		['Subject.Names[3].Type', [2, 5, 4, 3]],
		['Subject.PostalCode', 'not-found'],
		['NotBefore', '2026-11-26T10:45:40Z'],
		['NotAfter', '2036-11-23T10:45:40Z'],
		['SignatureAlgorithm', 4],
		['PublicKeyAlgorithm', 1],
		['PublicKey.E', 65537],
		['Version', 3],
		['IsCA', true],
		['BasicConstraintsValid', true],
		['MaxPathLen', -1],
		['KeyUsage', 5],
		['ExtKeyUsage', [1, 2]],
		['UnknownExtKeyUsage', 'not-found'],
		['DNSNames', ['shop.example', '*.shop.example']],
		['IPAddresses', ['10.0.0.1']],
		['EmailAddresses', ['a@example.org']],
		['CRLDistributionPoints', ['http://crl.example/a']],
		['OCSPServer', ['http://ocsp.example']],
		['SubjectKeyId', 'xAVBn0CvJXb+gY2ZZXZ/BtvsL/M='],
		['Extensions[2].{Id: Id, Critical: Critical}', { Id: [2, 5, 29, 19], Critical: true }],
	])('%s', (field, expected) => {
		expect(ask(`x509_decode(pem).${field}`)).toEqual(expected);
	});

	test('the key is in decimals', () => {
		const n = ask('x509_decode(pem).PublicKey.N') as string;
		expect(BigInt(n).toString(16)).toMatch(/^b0ef643541f98deb.*5a001cbb9ea9c3$/);
	});

	test('a certificate without extensions', () => {
		const { certificate } = selfSigned(Date.UTC(2020, 0, 1), Date.UTC(2060, 0, 1));
		expect(ask('x509_decode(pem).NotAfter', certificate)).toBe('2060-01-01T00:00:00Z');
		expect(ask('x509_decode(pem).IsCA', certificate)).toBe(false);
	});

	test('its dates compare', () => {
		expect(ask("time_before(x509_decode(pem).NotAfter, '2030-01-01T00:00:00Z')")).toBe(false);
	});

	test.each([
		['no PEM', 'x', 'error'],
		['something else', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n', 'error'],
		['cut off', SERVER.replace(/MIID[^]*?\n/, ''), 'error'],
		['a request', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n', 'not-evaluated'],
	])('%s', (_, pem, expected) => {
		expect(ask('x509_decode(pem).Version', pem)).toBe(expected);
	});
});
