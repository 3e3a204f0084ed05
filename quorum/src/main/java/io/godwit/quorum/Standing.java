package io.godwit.quorum;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.godwit.core.SiteName;

/** How an owner stands to its group. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Standing.Held.class, name = "held"),
    @JsonSubTypes.Type(value = Standing.Offered.class, name = "offered"),
    @JsonSubTypes.Type(value = Standing.Released.class, name = "released"),
    @JsonSubTypes.Type(value = Standing.Retired.class, name = "retired"),
})
public sealed interface Standing {
    /** It may serve the group while its lease lasts. */
    record Held() implements Standing {}

    /** It has stopped, and the named site may take the group at once. */
    record Offered(SiteName to) implements Standing {}

    /** It has stopped, and whoever is fit may claim the group at once. */
    record Released() implements Standing {}

    /** The group is no more; its last term is remembered so that no later group of that name gets it again. */
    record Retired() implements Standing {}
}
