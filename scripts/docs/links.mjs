// The links of pages as typedoc writes them: whether each leads somewhere, without asking the network.

import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** How many links the pages of a folder have, and what is wrong with some, a line for each. */
export function check(folder) {
  const files = readdirSync(folder, { recursive: true }).filter((name) => /\.(html|svg)$/.test(name));
  const pages = new Map(files.map((name) => [name, read(join(folder, name))]));
  const links = [...pages].flatMap(([page, { links }]) => links.map((link) => ({ page, link })));
  const faults = links.flatMap(({ page, link }) => {
    const fault = isExternal(link) ? external(link) : internal(folder, pages, page, link);
    return fault ? [`${page}: ${link}: ${fault}`] : [];
  });
  return { count: links.length, faults };
}

/** A page's links, and the places in it that a link may name. */
function read(path) {
  const html = readFileSync(path, "utf8");
  const values = (attribute) =>
    [...html.matchAll(new RegExp(`\\s(?:${attribute})="([^"]*)"`, "g"))].map(([, value]) => plain(value));
  return { links: values("href|src"), places: new Set(values("id")) };
}

const plain = (text) => text.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");

const isExternal = (link) => /^([a-z][a-z+.-]*:|\/\/)/i.test(link);

function external(link) {
  if (!link.startsWith("https://")) return "is not https";
  if (!URL.canParse(link) || !/\.[a-z]+$/.test(new URL(link).hostname)) return "names no host";
}

function internal(folder, pages, page, link) {
  const [path, place] = link.split("#").map(decodeURIComponent);
  const target = path === "" ? page : normalize(join(dirname(page), path.split("?")[0]));
  const file = join(folder, target);
  if (target.startsWith("..") || !existsSync(file) || !statSync(file).isFile()) return "no such file";
  if (place && !pages.get(target)?.places.has(place)) return "no such place in it";
}
