package org.ioatlab.machine;

/**
 * Everything that can be done to a machine from outside. Commands are plain values: they are recorded, exported and replayed.
 *
 * @param <R> what it answers
 */
public sealed interface Command<R>
        permits MemoryCommand,
                DmaCommand,
                PciCommand,
                NicCommand,
                WireCommand,
                TrafficCommand,
                SocketCommand,
                PacketdrillCommand,
                ProcessCommand,
                ScenarioCommand,
                ObservationCommand,
                CpuCommand,
                SysctlCommand {}
