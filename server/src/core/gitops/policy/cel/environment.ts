/**
 * The CEL environments of admission: the language with optional types and the libraries of Kubernetes, and for each policy its
 * variables, evaluated once and only when an expression reads them.
 */
import { Environment, Optional } from '@marcbachmann/cel-js';
import { once } from '../../../base/once';
import { Budget } from './budget';
import { addClusterMethods } from './cluster-functions';
import { addImageFunctions } from './image-functions';
import { addKubernetesFunctions } from './kubernetes-functions';
import { addKyvernoFunctions } from './kyverno-functions';
import { addListFunctions } from './list-functions';
import { addMacros } from './macros';
import { addOptionalLiterals } from './optional-literals';
import { addMathFunctions } from './math-functions';
import { type CelProgram, type CelResult, compile, HAS, NotEvaluated, OR_VALUE } from './program';
import { addTextFunctions } from './text-functions';
import { type CelValue, largestCollection, longestText, mapEntries } from './cel-values';

/** A named expression of a policy. */
export interface CelVariable {
	readonly name: string;
	readonly expression: string;
}

/** What the expressions of one policy run in. */
export interface CelScope {
	compile(expression: string): CelProgram;
	/** The variables for one object, to be given as `variables`. `asked` hears of those that cannot be evaluated here. */
	bind(context: Readonly<Record<string, CelValue>>, asked: (why: string) => void): CelValue;
}

/** Registering all functions takes longer than the rest of the server's start; most trees have no expressions. */
const base = once(createBase);

function createBase(): { readonly environment: Environment; readonly budget: Budget } {
	const budget = new Budget();
	const base = new Environment({
		unlistedVariablesAreDyn: true,
		enableOptionalTypes: true,
		homogeneousAggregateLiterals: false,
	});
	addTextFunctions(base, budget);
	addListFunctions(base, budget);
	addKubernetesFunctions(base);
	addImageFunctions(base);
	addMathFunctions(base);
	addKyvernoFunctions(base);
	addMacros(base);
	addOptionalLiterals(base);
	addClusterMethods(base);
	// The argument is a field access; unlike the library's own `has` it may begin with any expression.
	base.registerFunction(`${HAS}(ast): bool`, hasField);
	// cel-go's evaluator gives back what is no optional (`evalOptionalOrValue`).
	base.registerFunction(`dyn.${OR_VALUE}(dyn): dyn`, (value: unknown, otherwise: unknown) =>
		value instanceof Optional ? value.orValue(otherwise) : value,
	);
	return { environment: base, budget };
}

interface Checker {
	check(node: unknown, context: unknown): unknown;
	getType(name: string): unknown;
	run(node: unknown, context: unknown): unknown;
}

function hasField({ args }: { args: readonly { args: readonly [unknown, string] }[] }) {
	const [holder, field] = args[0]!.args;
	return {
		typeCheck(checker: Checker, _: unknown, context: unknown) {
			checker.check(holder, context);
			return checker.getType('bool');
		},
		evaluate(evaluator: Checker, _: unknown, context: unknown) {
			const value = evaluator.run(holder, context);
			return value instanceof Map ? value.has(field) : (mapEntries(value)?.some(([key]) => key === field) ?? false);
		},
		args: [],
		async: false,
	};
}

/** The scope of a policy with these variables; each may use those before it. */
export function celScope(variables: readonly CelVariable[]): CelScope {
	const programs = new Map(
		variables.map(({ name, expression }) => [name, () => compile(environment, expression, budget)]),
	);
	const fields = Object.fromEntries([...programs.keys()].map(name => [name, 'dyn']));
	class Variables {
		readonly #values = new Map<string, CelResult>();
		readonly #context: Readonly<Record<string, CelValue>>;
		readonly #asked: (why: string) => void;
		constructor(context: Readonly<Record<string, CelValue>>, asked: (why: string) => void) {
			this.#context = withVariables(context, this);
			this.#asked = asked;
		}
		read(name: string): CelValue {
			let result = this.#values.get(name);
			if (!result) {
				// Stays if the variable asks for itself.
				this.#values.set(name, { kind: 'error', message: `variable ${name} refers to itself` });
				result = programs.get(name)!().run(this.#context);
				if (
					result.kind === 'value' &&
					(largestCollection(result.value, 0) > MAX_COLLECTION || longestText(result.value) > MAX_TEXT)
				)
					result = { kind: 'not-evaluated', why: `variable ${name} grows too large` };
				this.#values.set(name, result);
			}
			if (result.kind === 'value') return result.value;
			if (result.kind === 'error') throw new Error(result.message);
			this.#asked(result.why);
			throw new NotEvaluated(result.why);
		}
	}
	for (const name of programs.keys())
		Object.defineProperty(Variables.prototype, name, {
			get(this: Variables) {
				return this.read(name);
			},
			enumerable: true,
		});
	const { environment: shared, budget } = base();
	const environment = shared
		.clone()
		.registerType('PolicyVariables', { ctor: Variables, fields })
		.registerVariable('variables', 'PolicyVariables');
	return {
		compile: expression => compile(environment, expression, budget),
		bind: (context, asked) => new Variables(context, asked),
	};
}

const MAX_COLLECTION = 20_000;
const MAX_TEXT = 1_000_000;

/** The context, traps and all, with `variables` in it. */
export function withVariables(
	context: Readonly<Record<string, CelValue>>,
	variables: CelValue,
): Readonly<Record<string, CelValue>> {
	const descriptors = {
		...Object.getOwnPropertyDescriptors(context),
		variables: { value: variables, enumerable: false },
	};
	return Object.defineProperties({}, descriptors) as Readonly<Record<string, CelValue>>;
}
