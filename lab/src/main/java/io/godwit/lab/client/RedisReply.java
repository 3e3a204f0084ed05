package io.godwit.lab.client;

/** What Redis answered to one command. */
sealed interface RedisReply {
    /** A value, or the word of a status reply. */
    record Value(String text) implements RedisReply {}

    /** There is no such key, or there was none before. */
    record Absent() implements RedisReply {}

    /** The command was refused, with Redis's own words; it had no effect. */
    record Refused(String words) implements RedisReply {}
}
