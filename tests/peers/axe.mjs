// SPDX-License-Identifier: MIT
// Opens pages in headless Chromium without a network, as files, in light and
// dark and on a telephone, and has axe look at them: `axe.mjs DIRECTORY FILE...`
// where DIRECTORY has playwright-core and axe-core.  Prints what is wrong, one
// line each; exit status 1 when something is.
import { createRequire } from 'node:module';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [directory, ...files] = process.argv.slice(2);
const require = createRequire(resolve(directory, 'x.js'));
const { chromium } = require('playwright-core');
const axe = require.resolve('axe-core/axe.min.js');
const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';

const looks = [
	{ colorScheme: 'light', viewport: { width: 1280, height: 900 } },
	{ colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
	{ colorScheme: 'light', viewport: { width: 390, height: 844 } },
];
let faults = 0;

function fault(file, text) {
	faults++;
	console.log(`${file}: ${text.replace(/\s+/g, ' ').slice(0, 400)}`);
}

// The page's policy forbids scripts, so axe comes in past it.
async function look(browser, file, how) {
	const context = await browser.newContext({ ...how, offline: true, bypassCSP: true });
	const page = await context.newPage();
	const url = pathToFileURL(resolve(file)).href;

	page.on('console', m => {
		if (['error', 'warning'].includes(m.type()))
			fault(file, `console: ${m.text()}`);
	});
	page.on('pageerror', e => fault(file, `script: ${e.message}`));
	page.on('dialog', d => { fault(file, 'a dialog'); d.dismiss(); });
	page.on('request', r => {
		if (r.url() !== url)
			fault(file, `asks for ${r.url()}`);
	});
	await page.goto(url);
	const own = await page.evaluate(() => ({
		scripts: document.querySelectorAll('script, iframe, object, embed, form').length,
		handlers: [...document.querySelectorAll('*')].filter(e =>
			[...e.attributes].some(a => /^on/i.test(a.name) ||
				/^\s*javascript:/i.test(a.value))).length,
		links: [...document.querySelectorAll('a[href]')].filter(a =>
			!a.getAttribute('href').startsWith('#')).map(a => a.getAttribute('href')),
		wide: document.documentElement.scrollWidth - window.innerWidth,
	}));
	if (own.scripts > 0 || own.handlers > 0)
		fault(file, `${own.scripts} active elements, ${own.handlers} handlers`);
	for (const link of own.links)
		fault(file, `a link to ${link}`);
	if (own.wide > 0)
		fault(file, `${own.wide} pixels wider than a window of ${how.viewport.width}`);
	await page.addScriptTag({ path: axe });
	const { violations } = await page.evaluate(() => window.axe.run());
	for (const v of violations)
		if (['serious', 'critical'].includes(v.impact))
			fault(file, `${how.colorScheme}: ${v.impact} ${v.id}: ${v.nodes[0].html}: ${v.nodes[0].failureSummary}`);
	await context.close();
}

const browser = await chromium.launch({
	executablePath,
	args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
		'--disable-background-networking', '--disable-component-update',
		'--disable-sync'],
});
for (const file of files) {
	if (statSync(file).size >= 1000000)
		fault(file, 'is a megabyte or more');
	for (const how of looks)
		await look(browser, file, how);
}
await browser.close();
process.exit(faults > 0 ? 1 : 0);
