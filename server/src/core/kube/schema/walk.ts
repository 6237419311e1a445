/** What the checks of one resource share while its tree is walked, and how they report. */
import { formatPath, type PathLink, pathOf } from '../../base/address';
import type { Problem, Severity } from '../../base/problem';
import { type Node, addressOf } from '../../yaml/node';
import { SCHEMA_PROBLEM_CODES, type SchemaProblemName } from './problem-codes';
import type { Schema, ValidationRule } from './schema';

/** Whether a validation rule holds of a value. `unknown`: it cannot be told here. */
export type RuleOutcome =
	| { readonly kind: 'holds' }
	/** The message is empty where the rule has none. */
	| { readonly kind: 'fails'; readonly message: string }
	| { readonly kind: 'unknown' };

/** Evaluates an `x-kubernetes-validations` rule (CEL) with `self` as the value, whose defaults are set. */
export type RuleEvaluator = (rule: ValidationRule, self: Node, schema: Schema) => RuleOutcome;

/** `resource`: a whole object. `patch`: some of its fields, with directives; null deletes, and nothing can be missing. */
export type Mode = 'resource' | 'patch';

export interface Walk {
	readonly mode: Mode;
	/** Kubernetes' own kinds are decoded into Go structs, in which null is the zero value; custom resources are pruned of nulls. */
	readonly typed: boolean;
	/** Whether unknown fields are asked about: not within logical parts, and not where the API server keeps all of them. */
	readonly unknownFields: boolean;
	readonly unknownFieldSeverity: 'error' | 'warning';
	/** The release of Flux that the tree is for, where it is known. */
	readonly fluxVersion: string | undefined;
	/** The release that the resource is for. */
	readonly kubernetesVersion: string;
	/** `Deployment/web`, for messages. */
	readonly subject: string;
	readonly evaluateRule: RuleEvaluator | undefined;
	/** A resource embedded in this one, by its own schema. */
	readonly embedded: (walk: Walk, node: Node, link: PathLink | undefined) => void;
	readonly found: Problem[];
	/** How many problems are enough. */
	readonly limit: number;
}

interface Report extends Pick<Problem, 'anchor' | 'related' | 'details' | 'fixes' | 'tag'> {
	readonly message: string;
	/** Where it is another one than its code's. */
	readonly severity?: Severity;
}

/** Adds a problem at the place that wrote the node. */
export function report(walk: Walk, code: SchemaProblemName, node: Node, { message, severity, ...rest }: Report): void {
	if (walk.found.length >= walk.limit) return;
	walk.found.push({
		code,
		severity: severity ?? SCHEMA_PROBLEM_CODES[code].severity,
		message,
		at: addressOf(node.origin),
		...withoutAbsent(rest),
	});
}

function withoutAbsent(rest: Omit<Report, 'message' | 'severity'>): Omit<Report, 'message' | 'severity'> {
	return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
}

/** The field in words: `spec.replicas of Deployment/web`. */
export function placeOf(walk: Walk, link: PathLink | undefined): string {
	return link ? `${formatPath(pathOf(link))} of ${walk.subject}` : walk.subject;
}

/** The field as the API server's messages begin: `spec.replicas: `. */
export function serverPath(link: PathLink | undefined): string {
	return link ? formatPath(pathOf(link)) : '<root>';
}

/** The field as server-side apply names it: `.spec.replicas`. */
export function applyPath(link: PathLink | undefined): string {
	return `.${formatPath(pathOf(link))}`;
}

/** Flux fills `${VAR}` in after the build; what the text will be is not known here. */
export function hasPlaceholder(text: string): boolean {
	const at = text.indexOf('${');
	return at >= 0 && text.indexOf('}', at) >= 0;
}
