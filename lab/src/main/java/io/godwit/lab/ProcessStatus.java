package io.godwit.lab;

import java.util.List;

/**
 * A process that the lab's keeper looks after.
 *
 * @param pid of the present run; 0 while it is not running
 * @param starts how often it was started
 * @param wanted whether it is started again when it ends
 */
public record ProcessStatus(String name, Place place, long pid, int starts, boolean wanted, List<String> argv) {
    public boolean running() {
        return pid != 0;
    }
}
