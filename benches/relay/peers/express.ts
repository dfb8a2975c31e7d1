// The vendor's own stack: Express, class-validator, axios, in Node. Connections are kept alive.

import "reflect-metadata";
import { Agent } from "node:http";
import axios from "axios";
import { Type, plainToInstance } from "class-transformer";
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsByteLength,
  IsNotEmpty,
  IsOptional,
  IsString,
  ValidateNested,
  validate,
} from "class-validator";
import express from "express";

class Variable {
  @IsString() @IsNotEmpty() @IsByteLength(1, 256) key!: string;
  @IsString() @IsByteLength(0, 16 * 1024) value!: string;
  @IsOptional() @IsBoolean() sanitize?: boolean;
}

class TicketEvent {
  @IsString() @IsNotEmpty() @IsByteLength(1, 256) platformConversationId!: string;
  @IsOptional() @IsString() @IsByteLength(0, 512 * 1024) text?: string;
  @IsString() @IsNotEmpty() @IsByteLength(1, 64) platform = "PUBLIC_API";
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => Variable)
  metaData?: Variable[];
}

const { PORT, API_BASE_URL, API_KEY, BOT_ID, RELAY_KEYS } = process.env;
const api = axios.create({
  baseURL: API_BASE_URL,
  headers: { authorization: API_KEY, botid: BOT_ID },
  httpAgent: new Agent({ keepAlive: true }),
  maxRedirects: 0,
  timeout: 10_000,
  validateStatus: () => true,
});
const app = express();
app.use(express.json({ limit: "1mb" }));

app.post("/converse/ticket", async (request, response) => {
  if (request.headers.authorization !== `Bearer ${RELAY_KEYS}`) {
    response.status(401).json({ error: "unauthorized" });
    return;
  }
  const event = plainToInstance(TicketEvent, request.body);
  const issues = await validate(event, { whitelist: true, forbidNonWhitelisted: true });
  if (issues.length > 0) {
    response.status(400).json({ issues });
    return;
  }
  const { status } = await api.post("/converse/ticket", event);
  if (status === 200) response.status(200).end();
  else response.status(502).json({ error: "api-failed" });
});

app.listen(Number(PORT), "127.0.0.1", () => process.send?.("ready"));
