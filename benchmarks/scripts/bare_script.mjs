// The same as bare_script.py for Node 20 or later, with nothing but what comes with it.
//
//     API_URL=... API_KEY=... node bare_script.mjs FILE...

import { openAsBlob } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const MILLISECONDS = 2000;
const { API_URL: url, API_KEY: key } = process.env;
const headers = { Authorization: `apiKey ${key}` };

async function importFile(path) {
  const form = new FormData();
  const options = {
    type: "contacts",
    delimiter: ",",
    overrideExisting: "true",
    updateOnlyEmptyFields: "false",
  };
  for (const [name, value] of Object.entries(options)) form.append(name, value);
  form.append("file", await openAsBlob(path, { type: "text/csv" }), basename(path));

  const answer = await fetch(`${url}/imports`, { method: "POST", headers, body: form });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  const { id, total } = await answer.json();

  for (;;) {
    const told = await (await fetch(`${url}/imports/${id}`, { headers })).json();
    console.log(`${told.success + told.errors} of ${total} done`);
    if (told.status === "finished") return;
    await sleep(MILLISECONDS);
  }
}

for (const path of process.argv.slice(2)) await importFile(path);
