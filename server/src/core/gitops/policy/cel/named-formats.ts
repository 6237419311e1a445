/** The formats that CEL's `format` library of Kubernetes knows, each giving what is wrong with a text; apiserver `pkg/cel/library/format.go`. */

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const LABEL_1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const QUALIFIED = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

type Format = (text: string) => readonly string[];

const MUST_BE_SHORTER = (most: number) => `must be no more than ${most} characters`;
const DNS_LABEL =
	"a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const DNS_SUBDOMAIN =
	"a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

function check(most: number, test: (text: string) => boolean, message: string): Format {
	return text => [...(text.length > most ? [MUST_BE_SHORTER(most)] : []), ...(test(text) ? [] : [message])];
}

const isSubdomain = (text: string) => text.split('.').every(part => LABEL.test(part));

const dns1123Label = check(63, text => LABEL.test(text), DNS_LABEL);
const dns1123Subdomain = check(253, isSubdomain, DNS_SUBDOMAIN);
const dns1035Label = check(
	63,
	text => LABEL_1035.test(text),
	"a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
);
const qualifiedName: Format = text => {
	const parts = text.split('/');
	const name = parts.at(-1)!;
	if (parts.length > 2) return ["a qualified name must consist of alphanumeric characters, '-', '_' or '.'"];
	return [
		...(parts.length === 2 && !isSubdomain(parts[0]!) ? [`prefix part ${DNS_SUBDOMAIN}`] : []),
		...check(
			63,
			at => QUALIFIED.test(at),
			"name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
		)(name),
	];
};
const labelValue: Format = text =>
	text === ''
		? []
		: check(
				63,
				at => QUALIFIED.test(at),
				"a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.'",
			)(text);

/** Of a name that the server makes longer: a trailing `-` is allowed. */
const prefixOf =
	(format: Format): Format =>
	text =>
		format(text.replace(/-$/, 'a'));

const pattern =
	(test: (text: string) => boolean, message: string): Format =>
	text =>
		test(text) ? [] : [message];

const isDate = (text: string) => {
	const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
	return parts !== null && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true;
};

export const FORMATS: Readonly<Record<string, Format>> = {
	dns1123Label,
	dns1123Subdomain,
	dns1035Label,
	qualifiedName,
	labelValue,
	dns1123LabelPrefix: prefixOf(dns1123Label),
	dns1123SubdomainPrefix: prefixOf(dns1123Subdomain),
	dns1035LabelPrefix: prefixOf(dns1035Label),
	uri: pattern(text => /^([a-zA-Z][a-zA-Z0-9+.-]*:|\/)\S*$/.test(text), 'invalid URI'),
	uuid: pattern(
		text => /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i.test(text),
		'does not match the UUID pattern',
	),
	byte: pattern(text => text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text), 'invalid base64'),
	date: pattern(isDate, 'invalid date'),
	datetime: pattern(
		text => /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:?\d\d)$/.test(text) && isDate(text.slice(0, 10)),
		'invalid datetime',
	),
};
