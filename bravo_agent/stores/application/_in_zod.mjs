// Run by the project's own Node: imports its Zod schemas and writes each as JSON Schema. Needs nothing but zod.
// argv[2] is a request {files}, argv[3] the file for the answer. What the project prints goes nowhere.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { files } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const answer = { schemas: [] };

// A Date and a bigint have no JSON; what MongoDB stores for them has.
const stated = ({ zodSchema, jsonSchema }) => {
  const type = zodSchema._zod.def.type;
  if (type === "date") Object.assign(jsonSchema, { type: "string", format: "date-time" });
  if (type === "bigint") jsonSchema.type = "integer";
  if (type === "map" || type === "set") jsonSchema.not = {};
};

try {
  for (const file of files) {
    answer.file = file;
    const url = pathToFileURL(file).href;
    let zod;
    try {
      zod = await import(import.meta.resolve("zod", url));
    } catch {
      answer.missing = "zod";
      break;
    }
    const toJSONSchema = zod.toJSONSchema ?? zod.z?.toJSONSchema;
    if (typeof toJSONSchema !== "function") {
      answer.missing = "zod 4";
      break;
    }
    const exported = await import(url);
    for (const name of Object.keys(exported).sort()) {
      const schema = exported[name];
      if (schema === null || typeof schema !== "object" || schema._zod?.def === undefined) continue;
      const told = toJSONSchema(schema, { io: "input", unrepresentable: "any", override: stated });
      answer.schemas.push({ file, name, schema: told });
    }
  }
} catch (error) {
  const lines = String(error?.stack ?? error).split("\n");
  answer.error = lines.filter((line) => !/^\s+at /.test(line)).join("\n");
}
writeFileSync(process.argv[3], JSON.stringify(answer));
process.exit(0);
