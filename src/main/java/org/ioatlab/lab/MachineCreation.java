package org.ioatlab.lab;

import java.util.Map;
import org.ioatlab.machine.MachineSpec;
import org.jspecify.annotations.Nullable;

/**
 * What a machine is made from.
 *
 * @param name becomes its id; null for a generated one
 * @param labels words of its owner, by key
 * @param preset name of the preset that the spec began with
 * @param spec everything that decides what it does
 * @param clock how its clock moves at first
 */
public record MachineCreation(
        @Nullable String name, Map<String, String> labels, String preset, MachineSpec spec, ClockSetting clock) {
    MachineCreation named(@Nullable String newName) {
        return new MachineCreation(newName, labels, preset, spec, clock);
    }

    MachineCreation with(MachineSpec newSpec) {
        return new MachineCreation(name, labels, preset, newSpec, clock);
    }
}
