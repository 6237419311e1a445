/**
 * Diagnostics in three phases: of the files that were just edited what their texts say, at once; then what is built from them; then of
 * every file that the change may have touched, open ones first. It yields after each piece of work, so that messages are answered in between.
 */
import type { FilePath } from '../core/base/paths';
import { placed } from '../core/diagnostics';
import type { CheckedParams } from './protocol';
import type { Publisher } from './publisher';
import type { Work } from './scheduler';
import type { Session } from './session';

/** What a check gave. */
export interface Checked extends CheckedParams {
	/** Every file was checked, and nothing failed. */
	readonly complete: boolean;
}

/** Checks `edited` and takes each file out of it once it is done, then the whole tree, and says so to `done`. */
export function* check(
	session: Session,
	publisher: Publisher,
	edited: Set<FilePath>,
	isLate: () => boolean,
	done: (result: Checked) => void,
): Work {
	let complete = true;
	const checkOne = (file: FilePath) => {
		if (!checkFile(session, publisher, file)) complete = false;
	};
	yield* checkFirst(session, publisher, edited, isLate);
	yield* checkSoon(session, publisher, edited, isLate);
	if (!(yield* warm(session, isLate))) complete = false;
	session.restored = new Map();
	for (const file of [...edited]) {
		checkOne(file);
		edited.delete(file);
		yield;
	}
	const open = session.open.files();
	for (const file of open) {
		checkOne(file);
		yield;
	}
	const reached = filesOf(session);
	const files = new Set([...open, ...(reached ?? [])]);
	if (reached) publisher.retain(files);
	yield;
	for (const file of files) {
		if (session.open.has(file)) continue;
		checkOne(file);
		yield;
	}
	done({ files: files.size, ...publisher.counts(), complete: complete && reached !== undefined });
	yield;
	yield* forget(session);
}

/** So many revisions (keys, mostly) pass before memory is given back: everything that is known is looked at for that. */
const REVISIONS_KEPT = 1000;

/** Everything has just been asked for, so what was not is there no more. What is left when an edit comes is done after the next check. */
function* forget(session: Session): Work {
	const { analysis, forgottenAt } = session;
	if (analysis.revision - forgottenAt < REVISIONS_KEPT) return;
	yield* analysis.forget(analysis.revision);
	session.forgottenAt = analysis.revision;
}

/** What the files just edited say, at once; then, of a tree that has not been looked at, what the directories around them tell. */
export function* checkFirst(
	session: Session,
	publisher: Publisher,
	files: ReadonlySet<FilePath>,
	isLate: () => boolean,
): Work {
	for (const file of files) {
		checkAtOnce(session, publisher, file);
		yield;
	}
	for (const file of files) {
		try {
			if (yield* session.analysis.firstLook(file, isLate)) checkAtOnce(session, publisher, file);
		} catch (error) {
			session.log.failure(`looking at ${file}`, error);
		}
		yield;
	}
}

/** What the builds say that an edit reaches, before the rest of the tree has been looked at again. */
function* checkSoon(session: Session, publisher: Publisher, files: ReadonlySet<FilePath>, isLate: () => boolean): Work {
	const { analysis, restored } = session;
	for (const file of files) {
		try {
			const found = yield* analysis.diagnosticsSoon(file, isLate);
			if (found && !restored.has(file))
				publisher.publish(
					file,
					found.map(each => placed(analysis.db, each)),
				);
		} catch (error) {
			session.log.failure(`looking at ${file}`, error);
		}
		yield;
	}
}

/** What the diagnostics of all files are made of. Whoever asks for those of one gets them at once afterwards. Gives whether all went well. */
function* warm(session: Session, isLate: () => boolean): Generator<void, boolean, void> {
	try {
		yield* session.analysis.warm(isLate);
		return true;
	} catch (error) {
		session.log.failure('looking at the tree', error);
		return false;
	}
}

/** What can be told of a file that was just edited, before the rest of the tree has been looked at again. */
function checkAtOnce(session: Session, publisher: Publisher, file: FilePath): void {
	try {
		const { analysis, restored } = session;
		const found = analysis.diagnosticsAtOnce(file).map(each => placed(analysis.db, each));
		// Of the last start's findings the texts are known by now, so their YAML is judged anew.
		const known = restored.get(file)?.filter(({ code }) => !code.startsWith('yaml/')) ?? [];
		publisher.publish(file, [...found, ...known]);
	} catch (error) {
		session.log.failure(`looking at ${file}`, error);
	}
}

/** A file whose check fails keeps the diagnostics it had; the others go on. */
function checkFile({ analysis, log }: Session, publisher: Publisher, file: FilePath): boolean {
	try {
		publisher.publish(
			file,
			analysis.diagnostics(file).map(each => placed(analysis.db, each)),
		);
		return true;
	} catch (error) {
		log.failure(`checking ${file}`, error);
		return false;
	}
}

function filesOf(session: Session): readonly FilePath[] | undefined {
	try {
		return session.analysis.files();
	} catch (error) {
		session.log.failure('looking for the files of the tree', error);
		return undefined;
	}
}
