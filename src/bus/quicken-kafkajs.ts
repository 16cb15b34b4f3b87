import { quickenKafkajs } from './kafka-encoding';

quickenKafkajs();
