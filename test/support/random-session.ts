/** A tree in memory that random hands work on, with an analysis that is told of each step. */
import type { Random } from '../../scripts/bench/random.mjs';
import { Analysis } from '../../server/src/core/analysis';
import { dirname, type FilePath, isYamlFile } from '../../server/src/core/base/paths';
import { allSteps } from '../../server/src/core/base/steps';
import type { DirectoryEntry, Source } from '../../server/src/core/workspace/inputs';
import { shippedFile } from '../../server/src/host/shipped-files';

const ROOT = '/repo';

type Step = 'type' | 'value' | 'break' | 'duplicate' | 'open' | 'close' | 'move' | 'delete' | 'create' | 'branch';

/** How often each step comes, of the sum of all. */
const WEIGHTS: Readonly<Record<Step, number>> = {
	type: 30,
	value: 30,
	break: 8,
	duplicate: 4,
	open: 8,
	close: 8,
	move: 4,
	delete: 4,
	create: 3,
	branch: 1,
};
const STEPS = Object.entries(WEIGHTS).flatMap(([step, weight]) => new Array<Step>(weight).fill(step as Step));

const FRAGMENTS = [
	'- ',
	': ',
	'\n',
	'  ',
	'"',
	'{',
	'[',
	'*a',
	'&a ',
	'#',
	'|',
	'---\n',
	'\t',
	'../base',
	'name',
	'\u00e9',
	'$',
];

export class RandomSession {
	readonly #first: ReadonlyMap<FilePath, string>;
	readonly #disk: DiskInMemory;
	/** What the editor holds open. */
	readonly #open = new Map<FilePath, string>();
	readonly #counts = new Map<Step, number>();
	readonly #analysis: Analysis;

	/** `files` by path relative to the root. */
	constructor(
		files: ReadonlyMap<string, string>,
		private readonly random: Random,
	) {
		this.#first = new Map([...files].map(([file, text]) => [`${ROOT}/${file}`, text]));
		this.#disk = new DiskInMemory(this.#first);
		this.#analysis = fresh(this.#disk);
	}

	/** One random step, after which a random file's questions are asked, sometimes of all. */
	step(): void {
		const step = this.random.of(STEPS);
		this.#counts.set(step, (this.#counts.get(step) ?? 0) + 1);
		this.#run(step);
		const file = this.#anyFile();
		const offset = this.random.below((this.#textOf(file)?.length ?? 0) + 1);
		switch (this.random.below(8)) {
			case 0:
				this.#analysis.hover(file, offset);
				break;
			case 1:
				this.#analysis.complete(file, offset);
				break;
			case 2:
				this.#analysis.definition(file, offset);
				break;
			case 3:
				this.diagnostics();
				break;
			default:
				this.#analysis.diagnostics(file);
		}
	}

	/** All diagnostics, one line each, sorted. */
	diagnostics(): string[] {
		return linesOf(this.#analysis);
	}

	/** Lines that only one of this analysis and a fresh one on the same files has. */
	differencesToFresh(): string[] {
		const mine = new Set(this.diagnostics());
		const other = fresh(this.#disk);
		other.apply({ texts: this.#open });
		const theirs = new Set(linesOf(other));
		return [
			...[...mine].filter(line => !theirs.has(line)).map(line => `only after edits: ${line}`),
			...[...theirs].filter(line => !mine.has(line)).map(line => `only fresh: ${line}`),
		];
	}

	/** Puts everything back as it was at the start, as another switch of branches. */
	restore(): void {
		this.#analysis.apply({ texts: new Map([...this.#open.keys()].map(file => [file, undefined])) });
		this.#open.clear();
		const before = new Map(this.#disk.files);
		const changed = [...new Set([...before.keys(), ...this.#first.keys()])].filter(
			file => before.get(file) !== this.#first.get(file),
		);
		for (const file of changed) this.#disk.set(file, this.#first.get(file));
		this.#analysis.apply({ changed });
		this.diagnostics();
		allSteps(this.#analysis.forget(this.#analysis.revision));
	}

	/** How often each step was made. */
	summary(): string {
		return [...this.#counts].map(([step, count]) => `${step} ${count}`).join(', ');
	}

	#run(step: Step): void {
		const { random } = this;
		const file = this.#anyFile();
		const text = this.#textOf(file) ?? '';
		const at = random.below(text.length + 1);
		switch (step) {
			case 'type':
				return this.#edit(file, text.slice(0, at) + random.of(FRAGMENTS) + text.slice(at));
			case 'value': {
				const digits = [...text.matchAll(/\d/g)];
				if (digits.length === 0) return this.#edit(file, text + '# note\n');
				const { index } = random.of(digits);
				return this.#edit(file, text.slice(0, index) + random.below(10) + text.slice(index + 1));
			}
			case 'break':
				return this.#edit(file, text.slice(0, at) + text.slice(at + 1 + random.below(40)));
			case 'duplicate': {
				const lines = text.split('\n');
				const line = random.below(lines.length);
				return this.#edit(file, [...lines.slice(0, line), lines[line], ...lines.slice(line)].join('\n'));
			}
			case 'open':
				this.#open.set(file, text);
				return this.#analysis.apply({ texts: new Map([[file, text]]) });
			case 'close': {
				const open = [...this.#open.keys()];
				if (open.length === 0) return;
				const closed = random.of(open);
				// Saved, or thrown away.
				if (random.below(2) === 0) this.#disk.set(closed, this.#open.get(closed));
				this.#open.delete(closed);
				return this.#analysis.apply({ texts: new Map([[closed, undefined]]), changed: [closed] });
			}
			case 'move': {
				const to = `${dirname(random.of([...this.#disk.files.keys()]))}/moved-${random.below(50)}.yaml`;
				this.#disk.set(to, this.#disk.files.get(file));
				this.#disk.set(file, undefined);
				return this.#analysis.apply({ changed: [file, to] });
			}
			case 'delete': {
				// Sometimes the whole directory, which is what a watcher then names.
				const gone = random.below(5) === 0 ? dirname(file) : file;
				if (gone === ROOT) return;
				for (const each of [...this.#disk.files.keys()])
					if (each === gone || each.startsWith(gone + '/')) this.#disk.set(each, undefined);
				return this.#analysis.apply({ changed: [gone] });
			}
			case 'create': {
				const created = `${dirname(file)}/${random.of(['new.yaml', 'kustomization.yaml', 'README.md', 'patches/new-patch.yaml'])}`;
				this.#disk.set(created, text);
				return this.#analysis.apply({ changed: [created] });
			}
			case 'branch': {
				const changed: FilePath[] = [];
				for (const each of [...this.#first.keys()].filter(() => random.below(3) === 0)) {
					this.#disk.set(each, this.#first.get(each));
					changed.push(each);
				}
				return this.#analysis.apply({ changed });
			}
		}
	}

	/** An open file is typed in; one that is not is changed on disk, as a script would. */
	#edit(file: FilePath, text: string): void {
		if (this.#open.has(file)) {
			this.#open.set(file, text);
			this.#analysis.apply({ texts: new Map([[file, text]]) });
		} else {
			this.#disk.set(file, text);
			this.#analysis.apply({ changed: [file] });
		}
	}

	#anyFile(): FilePath {
		const files = [...this.#disk.files.keys()];
		const yaml = files.filter(isYamlFile);
		return this.random.of(
			yaml.length > 0 && this.random.below(10) > 0 ? yaml : files.length > 0 ? files : [`${ROOT}/a.yaml`],
		);
	}

	#textOf(file: FilePath): string | undefined {
		return this.#open.get(file) ?? this.#disk.files.get(file);
	}
}

function fresh(disk: DiskInMemory): Analysis {
	const analysis = new Analysis(disk);
	analysis.apply({ roots: [ROOT] });
	return analysis;
}

function linesOf(analysis: Analysis): string[] {
	return analysis
		.files()
		.flatMap(file => analysis.diagnostics(file).map(found => JSON.stringify(found)))
		.sort();
}

/** Files with the directories that they make, so that large trees are listed in no time. */
class DiskInMemory implements Source {
	readonly files = new Map<FilePath, string>();
	readonly #directories = new Map<FilePath, Map<string, DirectoryEntry['kind']>>();

	constructor(files: ReadonlyMap<FilePath, string>) {
		for (const [file, text] of files) this.set(file, text);
	}

	set(file: FilePath, text: string | undefined): void {
		if (text === undefined) {
			if (this.files.delete(file)) this.#remove(file);
			return;
		}
		this.files.set(file, text);
		let kind: DirectoryEntry['kind'] = 'file';
		for (let at = file; at !== '/'; at = dirname(at)) {
			const parent = dirname(at);
			const names = this.#directories.get(parent) ?? new Map<string, DirectoryEntry['kind']>();
			this.#directories.set(parent, names);
			names.set(at.slice(at.lastIndexOf('/') + 1), kind);
			kind = 'directory';
		}
	}

	#remove(path: FilePath): void {
		const parent = dirname(path);
		const names = this.#directories.get(parent);
		names?.delete(path.slice(path.lastIndexOf('/') + 1));
		if (names?.size !== 0 || parent === '/') return;
		this.#directories.delete(parent);
		this.#remove(parent);
	}

	read(path: FilePath): ReturnType<Source['read']> {
		const text = this.files.get(path);
		return text !== undefined
			? { kind: 'text', text }
			: { kind: this.#directories.has(path) ? 'directory' : 'missing' };
	}

	list(path: FilePath): readonly DirectoryEntry[] | undefined {
		const names = this.#directories.get(path);
		return names && [...names].map(([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1));
	}

	realPath(path: FilePath): FilePath | undefined {
		return this.files.has(path) || this.#directories.has(path) ? path : undefined;
	}

	readBytes(path: FilePath): Uint8Array | undefined {
		const text = this.files.get(path);
		return text === undefined ? undefined : new TextEncoder().encode(text);
	}

	bundled(name: string): string | undefined {
		return shippedFile(name);
	}
}
