// Does what the vendor's sample script does, as its documentation tells: sends a file as a
// chunked multipart form with the options first, then asks every moment until it has finished.
// Usage: node vendor_sequence.js API_URL API_KEY FILE
const fs = require("fs");
const FormData = require("form-data");
const fetch = require("node-fetch");

const [apiUrl, apiKey, file] = process.argv.slice(2);
const headers = { Authorization: `apiKey ${apiKey}` };

async function readJson(response) {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

async function upload() {
  const form = new FormData();
  form.append("type", "contacts");
  form.append("delimiter", ",");
  form.append("overrideExisting", "true");
  form.append("updateOnlyEmptyFields", "false");
  form.append("file", fs.createReadStream(file));
  return readJson(await fetch(`${apiUrl}/imports`, { method: "POST", headers, body: form }));
}

async function follow(created) {
  for (;;) {
    const current = await readJson(await fetch(`${apiUrl}/imports/${created.id}`, { headers }));
    if (current.status === "finished") return current;
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

upload()
  .then(async (created) => {
    const finished = await follow(created);
    console.log(JSON.stringify({ total: created.total, ...finished }));
  })
  .catch((error) => {
    console.log(error.message);
    process.exitCode = 1;
  });
