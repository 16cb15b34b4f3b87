// The order matters: what is replaced in kafkajs must be replaced before it is loaded.
import './quicken-kafkajs';

export { Kafka, KafkaJSError, logLevel, Partitioners } from 'kafkajs';
