// What an agent's client does, through the TypeScript SDK: looks at everything that is offered, asks, follows pages and
// links, and reads many times at once. The client itself holds every result against the tool's output schema.
// Told on stdin what to talk to; says on stdout what it found, as one JSON object.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const told = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(`${told.installed}/package.json`);
const { Client, StreamableHTTPClientTransport } = require("@modelcontextprotocol/client");
const { StdioClientTransport } = require("@modelcontextprotocol/client/stdio");

const PATIENT = { timeout: 300_000 };

function transport() {
  if (told.url === undefined) {
    return new StdioClientTransport({ command: told.command, args: told.args, env: told.environ });
  }
  const headers = { Authorization: `Bearer ${told.token}` };
  return new StreamableHTTPClientTransport(new URL(told.url), { requestInit: { headers } });
}

const client = new Client({ name: "typescript", version: "1" }, { versionNegotiation: { mode: told.mode } });
await client.connect(transport());

async function ask(name, args = {}) {
  const found = await client.callTool({ name, arguments: args }, PATIENT);
  const text = JSON.parse(found.content[0].text);
  if (found.isError) return { isError: true, ...text };
  if (JSON.stringify(found.structuredContent) !== JSON.stringify(text)) throw new Error(`${name}: two answers`);
  return found.structuredContent;
}

async function refused(asked) {
  try {
    await asked();
  } catch (error) {
    return error.code;
  }
  return "answered";
}

async function pages(name, limit) {
  const ids = [];
  let cursor;
  let count = 0;
  do {
    const page = await ask(name, cursor === undefined ? { limit } : { limit, cursor });
    ids.push(...page.changes.map((one) => one.id));
    cursor = page.next_cursor ?? undefined;
    count += 1;
  } while (cursor !== undefined);
  return { ids, count };
}

async function manyReads(number) {
  const tools = ["get_status", "list_changes", "list_versions", "get_run", "list_snapshots"];
  const asked = Array.from({ length: number }, async (_, index) => {
    const found = await ask(tools[index % tools.length]);
    if (found.isError) throw new Error(found.code);
  });
  const ended = await Promise.allSettled(asked);
  const failed = ended.filter((one) => one.status === "rejected").map((one) => String(one.reason));
  return { asked: number, answered: number - failed.length, failed };
}

const { tools } = await client.listTools();
const { resources } = await client.listResources();
const { resourceTemplates } = await client.listResourceTemplates();
const { prompts } = await client.listPrompts();
const { ids, count } = await pages("list_changes", 2);
const short = ids[0].slice(0, 12);
const completed = await client.complete({
  ref: { type: "ref/resource", uri: "bravo://changes/{id}" },
  argument: { name: "id", value: short.slice(0, 8) },
});
const read = [];
for (const one of resources) {
  const { contents } = await client.readResource({ uri: one.uri }, PATIENT);
  read.push(JSON.parse(contents[0].text).status);
}
const [linked] = (await client.readResource({ uri: `bravo://changes/${short}` }, PATIENT)).contents;
const prompt = await client.getPrompt({ name: "decide_change", arguments: { change_id: short } }, PATIENT);
const started = performance.now();
const many = await manyReads(told.reads);

console.log(
  JSON.stringify({
    protocol: client.getNegotiatedProtocolVersion(),
    server: client.getServerVersion().name,
    tools: tools.map((one) => one.name),
    prompts: prompts.map((one) => one.name),
    templates: resourceTemplates.length,
    changes: { ids, count, total: (await ask("list_changes")).total },
    change: (await ask("get_change", { change_id: ids[0] })).id,
    linked: JSON.parse(linked.text).id,
    completed: completed.completion.values.includes(short),
    read,
    messages: prompt.messages.length,
    wrong: (await ask("get_change", { change_id: "nothing" })).code,
    refused: {
      tool: await refused(() => client.callTool({ name: "nothing", arguments: {} })),
      prompt: await refused(() => client.getPrompt({ name: "nothing" })),
      resource: await refused(() => client.readResource({ uri: "bravo://nothing" })),
    },
    many,
    seconds: Math.round((performance.now() - started) / 100) / 10,
  }),
);
await client.close();
