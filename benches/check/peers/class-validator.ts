import "reflect-metadata";
import { Type, plainToInstance } from "class-transformer";
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  MaxLength,
  MinLength,
  ValidateNested,
  type ValidationError,
  validateSync,
} from "class-validator";
import { MAX } from "../rules.mjs";

class Variable {
  @IsString()
  @MinLength(1)
  @MaxLength(MAX.key)
  key!: string;

  @IsString()
  @MaxLength(MAX.value)
  value!: string;

  @IsOptional()
  @IsBoolean()
  sanitize?: boolean;
}

class Event {
  @IsString()
  @MinLength(1)
  @MaxLength(MAX.id)
  platformConversationId!: string;

  @IsOptional()
  @IsString()
  @MaxLength(MAX.text)
  text?: string;

  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(MAX.platform)
  platform?: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX.variables)
  @ValidateNested({ each: true })
  @Type(() => Variable)
  metaData?: Variable[];
}

const STRICT = { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true };

export function check(plain: object) {
  const value = plainToInstance(Event, plain);
  const errors = validateSync(value, STRICT);
  return errors.length === 0 ? { value } : { issues: errors.flatMap(leaves) };
}

/** The faults themselves: the errors of a list hold those of its entries. */
function leaves({ children = [], constraints = {} }: ValidationError): string[] {
  return [...Object.values(constraints), ...children.flatMap(leaves)];
}
