package io.godwit.quorum;

import java.util.ArrayList;
import java.util.List;

/** A state, and then what to do, in this order. */
public record TenureStep(TenureState state, List<TenureEffect> effects) {
    public TenureStep {
        effects = List.copyOf(effects);
    }

    static TenureStep to(TenureState state, TenureEffect... effects) {
        return new TenureStep(state, List.of(effects));
    }

    /** This, and after it that. */
    TenureStep then(TenureStep next) {
        List<TenureEffect> all = new ArrayList<>(effects);
        all.addAll(next.effects);
        return new TenureStep(next.state, all);
    }
}
