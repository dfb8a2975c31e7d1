import { defineConfig } from "vite";

// In a CRM the page and its backend are one site.
const proxy = { "/session": process.env.BACKEND_URL ?? "http://127.0.0.1:3000" };

export default defineConfig({ server: { proxy }, preview: { proxy } });
