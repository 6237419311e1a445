/** The codes of this folder with their default severity and what they mean in a line. Rules and documentation go by this table. */
import type { CodeInfo } from '../../base/problem';

export const SECRET_CODES: readonly CodeInfo[] = [
	{
		code: 'sealed-secret/name-drift',
		severity: 'error',
		summary: 'A transformer renames a sealed secret, which then cannot be decrypted',
	},
	{
		code: 'sealed-secret/namespace-drift',
		severity: 'error',
		summary: 'A transformer moves a sealed secret to a namespace in which it cannot be decrypted',
	},
	{
		code: 'sealed-secret/scope-drift',
		severity: 'error',
		summary: 'A sealed secret whose scope was changed without sealing its values anew',
	},
	{
		code: 'sealed-secret/template-contradicts',
		severity: 'warning',
		summary: 'A sealed secret and its template differ in name, namespace or scope',
	},
	{
		code: 'sealed-secret/template-key',
		severity: 'error',
		summary: 'A template of a sealed secret that names a key which is not sealed, or cannot be read',
	},
	{
		code: 'sealed-secret/unknown-version',
		severity: 'error',
		summary: 'A SealedSecret of an apiVersion that the controller does not know',
	},
	{
		code: 'sealed-secret/deprecated-data',
		severity: 'error',
		summary: 'A SealedSecret with spec.data, which the controller no longer opens',
	},
	{ code: 'sealed-secret/not-base64', severity: 'error', summary: 'An encrypted value that is not base64' },
	{ code: 'sealed-secret/too-short', severity: 'error', summary: 'An encrypted value that was cut off' },
	{
		code: 'sealed-secret/wrong-key-length',
		severity: 'error',
		summary: 'An encrypted value for a key of a length that no key or not the certificate has',
	},
	{
		code: 'sealed-secret/wrong-key',
		severity: 'warning',
		summary: 'An encrypted value that the certificate of the environment cannot have made',
	},
	{
		code: 'sealed-secret/cannot-open',
		severity: 'warning',
		summary: 'An encrypted value that none of your private keys opens',
	},
	{
		code: 'sealed-secret/empty-value',
		severity: 'information',
		summary: 'An encrypted value that opens to an empty text',
	},
	{
		code: 'sealed-secret/same-ciphertext',
		severity: 'warning',
		summary: 'One ciphertext in two environments or under two names',
	},
	{
		code: 'sealed-secret/secret-of-same-name',
		severity: 'error',
		summary: 'A Secret beside the SealedSecret of the same name',
	},
	{
		code: 'sealed-secret/bad-certificate',
		severity: 'error',
		summary: 'A file for sealing that holds no certificate with an RSA key',
	},
	{
		code: 'sealed-secret/certificate-expired',
		severity: 'warning',
		summary: 'A certificate for sealing that has expired',
	},
	{
		code: 'sealed-secret/certificate-not-yet-valid',
		severity: 'warning',
		summary: 'A certificate for sealing that is not valid yet',
	},
	{
		code: 'sealed-secret/certificate-expires',
		severity: 'hint',
		summary: 'A certificate for sealing that expires within 30 days',
	},
	{
		code: 'sealed-secret/key-rotated',
		severity: 'hint',
		summary: 'A certificate for sealing whose key is newer than the secrets of its environment',
	},
	{
		code: 'sops/not-encrypted',
		severity: 'error',
		summary: 'A file that .sops.yaml says must be encrypted and is not',
	},
	{ code: 'sops/plain-value', severity: 'error', summary: 'A plain value in an encrypted file' },
	{ code: 'sops/bad-value', severity: 'error', summary: 'A damaged value in an encrypted file' },
	{ code: 'sops/bad-mac', severity: 'error', summary: 'An encrypted file whose mac is missing or broken' },
	{ code: 'sops/bad-metadata', severity: 'error', summary: 'An encrypted file whose metadata is broken' },
	{ code: 'sops/no-recipients', severity: 'error', summary: 'An encrypted file that nobody can decrypt' },
	{ code: 'sops/recipients-differ', severity: 'warning', summary: 'An encrypted file for others than its rule says' },
	{
		code: 'sops/no-decryption',
		severity: 'error',
		summary: 'An encrypted file in a Flux Kustomization without spec.decryption',
	},
	{ code: 'sops/bad-rule', severity: 'error', summary: 'A rule of .sops.yaml that sops cannot read' },
	{ code: 'secret/plain-text', severity: 'warning', summary: 'A Secret with its value in plain text or base64' },
	{ code: 'secret/credential', severity: 'error', summary: 'A private key, token or password in a YAML file' },
	{ code: 'reference/missing-secret', severity: 'warning', summary: 'A workload uses a Secret that nothing provides' },
	{
		code: 'reference/missing-config-map',
		severity: 'error',
		summary: 'A workload uses a ConfigMap that nothing provides',
	},
	{
		code: 'reference/missing-key',
		severity: 'error',
		summary: 'A workload uses a key that its Secret or ConfigMap does not have',
	},
];
