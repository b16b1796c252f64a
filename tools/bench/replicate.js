// Replicates village databases into one township database with PouchDB on leveldb; prints one JSON object.
// Arguments: folder of villages' JSON files (an array of documents each), folder to work in, rounds.
// The villages' databases are filled once and not timed; each round replicates all of them into a new township.
'use strict';
const fs = require('fs');
const path = require('path');
const PouchDB = require('pouchdb');

async function main() {
  const [, , documents, work, rounds] = process.argv;
  const villages = [];
  for (const file of fs.readdirSync(documents).sort()) {
    const db = new PouchDB(path.join(work, 'village-' + path.basename(file, '.json')));
    if ((await db.info()).doc_count === 0) {
      await db.bulkDocs(JSON.parse(fs.readFileSync(path.join(documents, file), 'utf8')));
    }
    villages.push(db);
  }
  const seconds = [];
  const counts = [];
  for (let round = 0; round < Number(rounds); round += 1) {
    const town = new PouchDB(path.join(work, 'town-' + process.pid + '-' + round));
    const start = process.hrtime.bigint();
    for (const village of villages) {
      await PouchDB.replicate(village, town, { batch_size: 1000 });
    }
    seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
    counts.push((await town.info()).doc_count);
    await town.destroy();
  }
  for (const village of villages) await village.close();
  process.stdout.write(JSON.stringify({ seconds, counts }));
}

main().catch((error) => { console.error(error); process.exit(1); });
