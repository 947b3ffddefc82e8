import { type CorsQuestion, corsHeaders, matchingRule } from '../access/cors.ts';
import { S3Error } from '../errors.ts';
import type { CorsRule } from '../store/settings.ts';
import { branch, childText, leaf, type XmlNode, xmlDocument } from '../xml.ts';
import { type Call, type Reply, requireBucket } from './call.ts';
import { commitSetting, receiveDocument, requireBodyDigest } from './settings.ts';

const MAX_RULES = 100;
const MAX_ID = 255;
const METHODS: ReadonlySet<string> = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD']);

const ELEMENTS: ReadonlySet<string> = new Set([
  'ID',
  'AllowedOrigin',
  'AllowedMethod',
  'AllowedHeader',
  'ExposeHeader',
  'MaxAgeSeconds',
]);

/** `GET /bucket?cors` */
export function getCors(call: Call): Reply {
  const { settings, start } = requireBucket(call);
  if (settings.cors === undefined) {
    throw new S3Error('NoSuchCORSConfiguration', { details: { BucketName: start.name } });
  }
  return {
    status: 200,
    xml: xmlDocument('CORSConfiguration', ...settings.cors.map(ruleXml)),
  };
}

function ruleXml(rule: CorsRule): string {
  return branch(
    'CORSRule',
    leaf('ID', rule.id),
    ...rule.allowedOrigins.map((text) => leaf('AllowedOrigin', text)),
    ...rule.allowedMethods.map((text) => leaf('AllowedMethod', text)),
    ...rule.allowedHeaders.map((text) => leaf('AllowedHeader', text)),
    ...rule.exposeHeaders.map((text) => leaf('ExposeHeader', text)),
    leaf('MaxAgeSeconds', rule.maxAgeSeconds),
  );
}

/** `PUT /bucket?cors` */
export async function putCors(call: Call): Promise<Reply> {
  requireBodyDigest(call);
  const root = await receiveDocument(call, 'CORSConfiguration');
  const rules = root.children.map(readRule);
  if (rules.length === 0) throw new S3Error('MalformedXML');
  if (rules.length > MAX_RULES) {
    throw invalid(
      `The number of CORS rules should not exceed allowed limit of ${MAX_RULES} rules.`,
    );
  }
  commitSetting(call, requireBucket(call), 'cors', rules);
  return { status: 200 };
}

/** `DELETE /bucket?cors` */
export function deleteCors(call: Call): Reply {
  commitSetting(call, requireBucket(call), 'cors', undefined);
  return { status: 204 };
}

function readRule(node: XmlNode): CorsRule {
  const known = node.children.every(({ name }) => ELEMENTS.has(name));
  if (node.name !== 'CORSRule' || !known) throw new S3Error('MalformedXML');
  const allowedOrigins = texts(node, 'AllowedOrigin');
  const allowedMethods = texts(node, 'AllowedMethod');
  if (allowedOrigins.length === 0 || allowedMethods.length === 0) {
    throw new S3Error('MalformedXML');
  }
  const method = allowedMethods.find((name) => !METHODS.has(name));
  if (method !== undefined) {
    throw invalid(
      `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`,
    );
  }
  const allowedHeaders = texts(node, 'AllowedHeader');
  requireOneWildcard('AllowedOrigin', allowedOrigins);
  requireOneWildcard('AllowedHeader', allowedHeaders);
  const exposeHeaders = texts(node, 'ExposeHeader');
  const wild = exposeHeaders.find((text) => text.includes('*'));
  if (wild !== undefined) {
    throw invalid(
      `ExposeHeader "${wild}" contains wildcard. We currently do not support wildcard for ExposeHeader.`,
    );
  }
  const id = childText(node, 'ID');
  if (id !== undefined && id.length > MAX_ID) throw new S3Error('MalformedXML');
  const age = childText(node, 'MaxAgeSeconds')?.trim();
  if (age !== undefined && !/^\d{1,9}$/.test(age)) throw new S3Error('MalformedXML');
  return {
    ...(id === undefined ? {} : { id }),
    allowedOrigins,
    allowedMethods,
    allowedHeaders,
    exposeHeaders,
    ...(age === undefined ? {} : { maxAgeSeconds: Number(age) }),
  };
}

function texts(node: XmlNode, name: string): readonly string[] {
  return node.children.filter((one) => one.name === name).map(({ text }) => text.trim());
}

function requireOneWildcard(element: string, values: readonly string[]): void {
  const value = values.find((text) => text.split('*').length > 2);
  if (value === undefined) return;
  throw invalid(`${element} "${value}" can not have more than one wildcard.`);
}

function invalid(message: string): S3Error {
  return new S3Error('InvalidRequest', { message });
}

/**
 * `OPTIONS /bucket` and `OPTIONS /bucket/key`: whether a page may send a request. Nobody
 * signs a preflight, so it says nothing of whether the request would be let in.
 *
 * @throws S3Error `AccessForbidden` when no rule allows it, `BadRequest` when it is no
 *   preflight
 */
export function preflight(call: Call): Reply {
  const question = readPreflight(call);
  const { settings } = requireBucket(call);
  const rule = settings.cors && matchingRule(settings.cors, question);
  if (rule) return { status: 200, headers: corsHeaders(rule, question) };
  throw new S3Error('AccessForbidden', {
    message: settings.cors
      ? "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec."
      : 'CORSResponse: CORS is not enabled for this bucket.',
    details: {
      Method: question.method,
      ResourceType: call.target.key === undefined ? 'BUCKET' : 'OBJECT',
    },
  });
}

function readPreflight({ headers }: Call): CorsQuestion {
  const { origin } = headers;
  if (origin === undefined || origin === '') {
    throw new S3Error('BadRequest', {
      message: 'Insufficient information. Origin request header needed.',
    });
  }
  const method = headers['access-control-request-method'];
  if (method === undefined || !METHODS.has(method)) {
    throw new S3Error('BadRequest', {
      message: `Invalid Access-Control-Request-Method: ${method ?? 'null'}`,
    });
  }
  const names = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  return { origin, method, headers: names };
}
