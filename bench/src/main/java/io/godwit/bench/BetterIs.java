package io.godwit.bench;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which of two figures is the better one. */
public enum BetterIs {
    @JsonProperty("higher")
    HIGHER,
    @JsonProperty("lower")
    LOWER;

    /** Above 1 when ours is better, whichever way that is. */
    double ratio(double ours, double theirs) {
        return switch (this) {
            case HIGHER -> ours / theirs;
            case LOWER -> theirs / ours;
        };
    }
}
