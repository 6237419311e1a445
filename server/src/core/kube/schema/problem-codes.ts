/** Every code of a problem that comes out of holding a resource against its schema. */
import type { Severity } from '../../base/problem';

export interface SchemaProblemCode {
	readonly severity: Severity;
	/** One line for a table of contents. */
	readonly summary: string;
}

export const SCHEMA_PROBLEM_CODES = {
	'schema/unknown-field': {
		severity: 'error',
		summary: 'a resource has a field that its kind does not have',
	},
	'schema/wrong-type': { severity: 'error', summary: 'a value is of another type than its field takes' },
	'schema/missing-field': { severity: 'error', summary: 'a field that the kind requires is not there' },
	'schema/not-in-enum': { severity: 'error', summary: 'a value is none of those that its field takes' },
	'schema/bad-format': { severity: 'error', summary: 'a text does not have the form that its field asks for' },
	'schema/bad-pattern': { severity: 'error', summary: "a text does not match its field's pattern" },
	'schema/out-of-range': {
		severity: 'error',
		summary: 'a number, a length or a count lies outside of what its field allows',
	},
	'schema/duplicate-list-key': {
		severity: 'error',
		summary: 'two elements of a list have the key by which the API server tells them apart',
	},
	'schema/no-alternative': {
		severity: 'error',
		summary: 'a value fits none of the alternatives that its kind gives, or too many',
	},
	'schema/rule-failed': { severity: 'error', summary: "a value breaks a validation rule of its kind's definition" },
	'schema/refused': {
		severity: 'error',
		summary: 'the API server refuses a name, a label, or parts of an object that contradict each other',
	},
	'schema/field-of-newer-release': {
		severity: 'warning',
		summary: 'a field came with a newer release of Kubernetes than the one the tree is for',
	},
	'schema/deprecated-api': { severity: 'warning', summary: 'an API version is on its way out' },
	'schema/removed-api': { severity: 'error', summary: 'an API version is no longer served' },
	'schema/unknown-api': { severity: 'error', summary: 'a kind is not there in the API version that is written' },
	'schema/unknown-kind': {
		severity: 'hint',
		summary: 'nothing is known about a kind, so its fields cannot be checked',
	},
} as const satisfies Record<string, SchemaProblemCode>;

export type SchemaProblemName = keyof typeof SCHEMA_PROBLEM_CODES;
