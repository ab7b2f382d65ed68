package org.ioatlab.workload.packetdrill;

/** The machine under test as scripts see it. */
public interface ScriptHost extends ScriptClock, ScriptWire, ScriptCalls {}
