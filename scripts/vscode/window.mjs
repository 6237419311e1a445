// A VS Code window as a person uses it: opens files, runs commands, moves the cursor, and reads what is on the screen.
import path from 'node:path';

/** So long (in milliseconds) something may take to appear: machines may be slow and busy. */
const PATIENCE_MS = 40_000;

/** A longer list than this scrolls, and has no elements for the rows out of sight. */
const ROWS_SHOWN = 10;

export class Window {
	constructor(session) {
		this.session = session;
		this.page = session.page;
		this.workspace = session.workspace;
	}

	/** What `ask` gives, as soon as it gives something; fails after a while with what it said last. */
	async until(what, ask, patience = PATIENCE_MS) {
		const end = Date.now() + patience;
		for (let problem = ''; ;) {
			try {
				const value = await ask();
				if (value) return value;
				problem = '';
			} catch (error) {
				problem = `: ${error.message}`;
			}
			if (Date.now() > end) throw new Error(`waited ${patience / 1000} s for ${what}${problem}`);
			await this.page.waitForTimeout(80);
		}
	}

	async press(...keys) {
		for (const key of keys) await this.page.keyboard.press(key);
	}

	type(text) {
		return this.page.keyboard.type(text, { delay: 15 });
	}

	/** Runs a command by its whole title, e.g. `Strata: Render Preview`. */
	async run(title) {
		const rows = await this.#quickInput('F1', title);
		await this.#click(rows.filter({ has: this.page.locator('.label-name', { hasText: exactly(title) }) }));
	}

	/** Clicks the row with this label in the list that a command has opened. */
	async pick(label) {
		const rows = this.page.locator('.quick-input-widget .monaco-list-row');
		await this.#click(rows.filter({ has: this.page.locator('.label-name', { hasText: exactly(label) }) }));
	}

	/** The labels in the list that a command has opened, from the top; the editor draws them row by row, in any order. */
	choices() {
		return this.until('the list, whole', async () => {
			const rows = await this.page.locator('.quick-input-widget .monaco-list-row').evaluateAll(elements =>
				elements
					.map(element => ({
						position: Number(element.getAttribute('aria-posinset')),
						of: Number(element.getAttribute('aria-setsize')),
						label: element.querySelector('.label-name')?.textContent ?? '',
					}))
					.sort((a, b) => a.position - b.position),
			);
			const shown = Math.min(ROWS_SHOWN, rows[0]?.of ?? 0);
			return rows.length >= shown && rows.every((row, at) => row.position === at + 1)
				? rows.map(row => row.label)
				: undefined;
		});
	}

	/** The labels in the list of a question, once it is there: one of them begins with `start`. */
	question(start) {
		return this.until(`a question with ${start}`, async () => {
			const choices = await this.choices();
			return choices.some(choice => choice.startsWith(start)) ? choices : undefined;
		});
	}

	/** Opens a file by its path below the folder. */
	async open(file) {
		// A whole path finds that file and no other.
		const rows = await this.#quickInput('Control+P', path.join(this.workspace, file));
		const name = path.posix.basename(file);
		await this.#click(rows.filter({ hasText: name }));
		const tab = this.page.locator(`.editor-group-container.active .tab.active[data-resource-name="${name}"]`);
		await tab.waitFor({ timeout: PATIENCE_MS });
		await this.page.locator('.editor-group-container.active .view-line').first().waitFor({ timeout: PATIENCE_MS });
	}

	/** Puts the cursor at a line and column, both from 1. */
	async goTo(line, column = 1) {
		await this.#quickInput('Control+G', `${line}:${column}`);
		await this.press('Enter');
		await this.until(`the cursor at ${line}:${column}`, async () => {
			const at = await this.cursor();
			return at?.line === line && at.column === column;
		});
	}

	/** Where the cursor is, as the status bar says it. */
	async cursor() {
		const status = this.page.locator('[id="status.editor.selection"]');
		const found = /Ln (\d+), Col (\d+)/.exec((await status.textContent({ timeout: 1000 })) ?? '');
		return found && { line: Number(found[1]), column: Number(found[2]) };
	}

	/** The name on the active tab. */
	activeTab() {
		const tab = this.page.locator('.editor-group-container.active .tab.active').first();
		return tab.getAttribute('data-resource-name', { timeout: 5000 });
	}

	/** The names on all tabs. */
	tabs() {
		return this.page
			.locator('.editor-group-container .tab')
			.evaluateAll(tabs => tabs.map(tab => tab.getAttribute('data-resource-name')));
	}

	/** The whole title of the active tab, as a screen reader says it. */
	activeTitle() {
		const tab = this.page.locator('.editor-group-container.active .tab.active').first();
		return tab.getAttribute('aria-label', { timeout: 5000 });
	}

	/** The lines on the screen of the `index`th group of editors, from the left. */
	async text(index = 0) {
		const group = this.page.locator('.editor-group-container').nth(index);
		const lines = await group.locator('.view-line').evaluateAll(elements =>
			elements
				.map(element => ({ top: element.getBoundingClientRect().top, text: element.textContent ?? '' }))
				.sort((a, b) => a.top - b.top)
				.map(line => line.text),
		);
		return lines.join('\n').replaceAll('\u00a0', ' ');
	}

	/** The rows of the Problems panel that are on the screen, as a screen reader says them. */
	async problems() {
		const panel = this.page.locator('.markers-panel-container');
		if (!(await panel.isVisible())) {
			await this.run('View: Toggle Problems');
			await panel.waitFor({ timeout: PATIENCE_MS });
		}
		return panel
			.locator('.monaco-list-row')
			.evaluateAll(rows => rows.map(row => row.getAttribute('aria-label') ?? row.textContent));
	}

	/** Asks for the hover at the cursor, and gives its text. */
	async hover() {
		const box = this.page.locator('.monaco-hover:visible .monaco-hover-content').first();
		const text = await this.until('the hover', async () => {
			// Asked before the language server was there, the editor shows nothing and does not ask again.
			if (!(await box.isVisible())) await this.press('Control+K', 'Control+I');
			const found = (await box.textContent({ timeout: 3000 }))?.trim();
			// As long as the tree has not been looked at, the hover says so; a person looks again.
			if (found?.includes('still looking')) await this.press('Escape');
			else if (found && !/^Loading/.test(found)) return found;
			return undefined;
		});
		return text.replaceAll('\u00a0', ' ');
	}

	/** Asks for suggestions at the cursor until a label is among them, and gives all labels. */
	async suggestions(wanted) {
		const widget = this.page.locator('.suggest-widget.visible');
		return this.until(`the suggestion ${wanted}`, async () => {
			// As long as the tree is looked at after an edit there may be fewer, or none; a person asks again.
			if (!(await widget.isVisible())) await this.press('Control+Space');
			const found = await widget.locator('.monaco-list-row .label-name').allTextContents();
			if (found.includes(wanted)) return found;
			const shown = (await widget.textContent({ timeout: 1000 })) ?? '';
			if (found.length > 0 || shown.includes('No suggestions')) await this.press('Escape');
			return undefined;
		});
	}

	/** Texts of the notifications on the screen. */
	notifications() {
		return this.page.locator('.notification-toast .notification-list-item-message').allTextContents();
	}

	async closeAll() {
		await this.press('Escape', 'Escape');
		await this.run('View: Close All Editors');
	}

	/** A picture of the window, in `out` or where the run wants its pictures. */
	async picture(name) {
		const { pictures, out, label } = this.session.options;
		const file = pictures ? path.join(pictures, `${name}.png`) : path.join(out, `${label}-${name}.png`);
		// A pointer over the editor would raise hovers of its own.
		await this.page.mouse.move(700, 855);
		await this.page.screenshot({ path: file, animations: 'disabled' });
		return file;
	}

	async #quickInput(key, text) {
		const widget = this.page.locator('.quick-input-widget');
		if (await widget.isVisible()) {
			await this.press('Escape');
			await widget.waitFor({ state: 'hidden', timeout: 5000 });
		}
		// Pressed again at once it would walk down the list, so only after a wait.
		for (let attempt = 1; !(await widget.isVisible()); attempt++) {
			await this.press(key);
			await widget.waitFor({ timeout: attempt < 3 ? 5000 : PATIENCE_MS }).catch(error => {
				if (attempt >= 3) throw error;
			});
		}
		await widget.locator('input[type=text]').first().pressSequentially(text);
		return widget.locator('.monaco-list-row');
	}

	async #click(row) {
		await row.first().click({ timeout: PATIENCE_MS });
		await this.page.mouse.move(700, 855);
		// A command may ask something at once; then the widget stays.
		const widget = this.page.locator('.quick-input-widget');
		await widget.waitFor({ state: 'hidden', timeout: 1500 }).catch(() => {});
	}
}

function exactly(text) {
	return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
}
