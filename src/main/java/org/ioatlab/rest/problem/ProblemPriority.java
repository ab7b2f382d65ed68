package org.ioatlab.rest.problem;

/** Where our mappers stand among those of the libraries: lower goes first. */
final class ProblemPriority {
    static final int OURS = 500;

    private ProblemPriority() {}
}
