package io.godwit.site.group;

/** What a site does for a group at a time. */
public sealed interface Role permits Serving, Following {}
