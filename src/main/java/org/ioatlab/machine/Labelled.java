package org.ioatlab.machine;

/** A constant whose public name isn't a Java identifier. */
public interface Labelled {
    /** The name that users write and read. */
    String label();
}
