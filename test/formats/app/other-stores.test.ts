import { expect, it } from 'vitest';
import { appMeaning } from '../../../src/formats/app/app-messages.ts';

it.each([
  ['pymongo.errors.ServerSelectionTimeoutError: localhost:27017: [Errno 111] Connection refused', 'app.db-error'],
  ['com.mongodb.MongoTimeoutException: Timed out after 30000 ms while waiting for a server', 'app.db-error'],
  ['server selection error: server selection timeout, current topology: { Type: Unknown }', 'app.db-error'],
  ['main.CRITICAL: No alive nodes found in your cluster', 'app.http-dependency'],
  ['elasticsearch.exceptions.ConnectionError: Failed to establish a new connection', 'app.http-dependency'],
  ['NoNodeAvailableException: None of the configured nodes are available', 'app.http-dependency'],
  ['pika.exceptions.AMQPConnectionError: Connection to 127.0.0.1:5672 failed', 'app.http-dependency'],
  ['consumer: Cannot connect to amqp://guest:**@127.0.0.1:5672//: [Errno 111]', 'app.http-dependency'],
])('%s', (text, signal) => {
  expect(appMeaning(text)?.signal).toBe(signal);
});
