package io.godwit.quorum;

/** What was found, what is done about it, and both in a sentence for a person who was asleep a minute ago. */
public record Verdict(Finding finding, Response response, String sentence) {}
