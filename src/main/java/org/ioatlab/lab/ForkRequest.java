package org.ioatlab.lab;

import org.ioatlab.machine.MachineSpec;
import org.jspecify.annotations.Nullable;

/**
 * What a fork is to be.
 *
 * @param atSequence the last journal entry that it shares with the original: it begins as the original was just before the next entry;
 *     null for all entries and the present instant
 * @param spec another spec; null for the original's. The shared entries are then simulated anew: each command is applied at its old
 *     instant (or as soon as the machine gets there, if calls before it take longer now), and those that are refused now are left out
 * @param name its id; null for a generated one
 * @param clock its clock's setting; null for the one that the original had at that point
 */
public record ForkRequest(
        @Nullable Long atSequence,
        @Nullable MachineSpec spec,
        @Nullable String name,
        @Nullable ClockSetting clock) {}
