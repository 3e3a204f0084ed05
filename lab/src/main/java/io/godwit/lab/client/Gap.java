package io.godwit.lab.client;

/** A time in which nothing came back: when it began (wall clock, milliseconds since 1970) and how long it was. */
public record Gap(long beganAtEpochMillis, double millis) {}
